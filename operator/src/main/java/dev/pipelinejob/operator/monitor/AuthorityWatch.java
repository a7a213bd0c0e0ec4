package dev.pipelinejob.operator.monitor;

import dev.pipelinejob.operator.identity.AuthorityKeys;
import dev.pipelinejob.operator.identity.AuthoritySource;
import dev.pipelinejob.operator.identity.CertificateAuthority;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows a CA that changes: whoever enrols, connects or has a stream is told whom to trust as soon as a look has
/// shown it. One thread looks; every thread may ask.
public final class AuthorityWatch {
    /// The pause between two looks: far shorter than that between two steps of a change.
    public static final Duration PAUSE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(AuthorityWatch.class);

    private final AuthoritySource source;
    private final Clock clock;
    private volatile AuthorityKeys known;

    private AuthorityWatch(AuthoritySource source, Clock clock, AuthorityKeys known) {
        this.source = source;
        this.clock = clock;
        this.known = known;
    }

    /// Reads the keys for the first time.
    ///
    /// @throws IOException when they cannot be had
    public static AuthorityWatch open(AuthoritySource source, Clock clock) throws IOException {
        return new AuthorityWatch(source, clock, source.current());
    }

    /// What signs and is trusted now.
    public CertificateAuthority authority() {
        return known.authority(clock);
    }

    /// The CAs that are trusted now, PEM.
    public String trustBundle() {
        return known.bundle();
    }

    /// Looks whether the keys have changed, and renews the server's own certificate long before its end. No session
    /// ends by it. What fails now is tried again at the next look.
    public void look(ControlServer server) {
        try {
            AuthorityKeys now = source.current();
            if (!now.equals(known)) {
                known = now;
                server.trust(now.authority(clock));
                LOG.info("The certificate authority has changed; {} are trusted now.", trusted());
            }
            server.renewIfDue(clock.instant());
        } catch (IOException | RuntimeException e) {
            // The edge of a loop: an API server that cannot be reached now must not end it.
            LOG.warn("The certificate authority could not be looked at: {}", e.toString());
        }
    }

    private int trusted() {
        return authority().trustBundle().size();
    }
}
