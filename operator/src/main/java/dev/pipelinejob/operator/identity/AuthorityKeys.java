package dev.pipelinejob.operator.identity;

import dev.pipelinejob.operator.identity.CertificateAuthority.KeyWithCertificate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A CA and, while it changes, its successor or its predecessor, as text that a Secret can hold. A change has three
/// steps, so that nobody ever meets a certificate that it does not trust: the successor is trusted; it signs; the
/// predecessor is trusted no more.
public final class AuthorityKeys {
    /// How long a CA signs before the next one takes over.
    static final Duration SIGNING_TIME = Duration.ofDays(365);
    /// How long a successor is only trusted: every worker that has a stream learns of it at once, so this is for those
    /// whose stream was cut just then.
    static final Duration SPREADING_TIME = Duration.ofMinutes(10);
    /// No certificate of a worker or of the operator holds for longer.
    public static final Duration LONGEST_VALIDITY = Duration.ofDays(30);

    private static final String KEY = "tls.key";
    private static final String CERTIFICATE = "tls.crt";
    private static final String NEXT_KEY = "next.key";
    private static final String NEXT_CERTIFICATE = "next.crt";
    private static final String PREVIOUS_CERTIFICATE = "previous.crt";
    private static final String CHANGED_AT = "changed-at";
    private static final String CHANGED_FOR = "changed-for";
    private static final String BUNDLE = "ca.crt";

    private final KeyWithCertificate current;
    private final @Nullable KeyWithCertificate next;
    private final @Nullable X509Certificate previous;
    private final Instant changedAt;
    private final String changedFor;

    private AuthorityKeys(
            KeyWithCertificate current,
            @Nullable KeyWithCertificate next,
            @Nullable X509Certificate previous,
            Instant changedAt,
            String changedFor) {
        this.current = current;
        this.next = next;
        this.previous = previous;
        this.changedAt = changedAt;
        this.changedFor = changedFor;
    }

    /// A first CA.
    public static AuthorityKeys create(Instant now) throws IOException {
        return new AuthorityKeys(newPair(now), null, null, now, "");
    }

    private static KeyWithCertificate newPair(Instant now) throws IOException {
        try {
            return CertificateAuthority.create(now);
        } catch (GeneralSecurityException e) {
            throw new IOException("No certificate authority could be made: " + e.getMessage(), e);
        }
    }

    /// Reads what {@link #data} gave.
    ///
    /// @throws IOException with a sentence that never holds a key, when it is something else
    public static AuthorityKeys read(Map<String, String> data) throws IOException {
        String nextKey = data.getOrDefault(NEXT_KEY, "");
        String previous = data.getOrDefault(PREVIOUS_CERTIFICATE, "");
        return new AuthorityKeys(
                pair(data, KEY, CERTIFICATE),
                nextKey.isEmpty() ? null : pair(data, NEXT_KEY, NEXT_CERTIFICATE),
                previous.isEmpty() ? null : Pem.certificates(previous).getFirst(),
                instant(data.getOrDefault(CHANGED_AT, "")),
                data.getOrDefault(CHANGED_FOR, ""));
    }

    private static KeyWithCertificate pair(Map<String, String> data, String key, String certificate)
            throws IOException {
        return new KeyWithCertificate(
                Pem.key(data.getOrDefault(key, "")),
                Pem.certificates(data.getOrDefault(certificate, "")).getFirst());
    }

    private static Instant instant(String text) {
        return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
    }

    /// The text that a Secret holds, by name.
    public Map<String, String> data() {
        Map<String, String> data = new LinkedHashMap<>();
        data.put(KEY, Pem.of(current.key()));
        data.put(CERTIFICATE, Pem.of(List.of(current.certificate())));
        if (next != null) {
            data.put(NEXT_KEY, Pem.of(next.key()));
            data.put(NEXT_CERTIFICATE, Pem.of(List.of(next.certificate())));
        }
        if (previous != null) {
            data.put(PREVIOUS_CERTIFICATE, Pem.of(List.of(previous)));
        }
        data.put(CHANGED_AT, changedAt.toString());
        data.put(CHANGED_FOR, changedFor);
        data.put(BUNDLE, bundle());
        return data;
    }

    /// All CAs that are trusted now, PEM.
    public String bundle() {
        List<X509Certificate> trusted = new ArrayList<>(List.of(current.certificate()));
        trusted.addAll(others());
        return Pem.of(trusted);
    }

    private List<X509Certificate> others() {
        List<X509Certificate> others = new ArrayList<>();
        if (next != null) {
            others.add(next.certificate());
        }
        if (previous != null) {
            others.add(previous);
        }
        return others;
    }

    /// What signs and is trusted now.
    public CertificateAuthority authority(Clock clock) {
        return new CertificateAuthority(current, others(), clock);
    }

    /// The next step of a change, or these very keys while none is due.
    ///
    /// @param wish a change begins when this differs from what the last change was made for; empty asks for none
    public AuthorityKeys advanced(Instant now, String wish) throws IOException {
        boolean wished = !wish.isEmpty() && !wish.equals(changedFor);
        if (next != null) {
            return now.isBefore(changedAt.plus(SPREADING_TIME))
                    ? this
                    : new AuthorityKeys(next, null, current.certificate(), now, changedFor);
        }
        if (previous != null) {
            return now.isBefore(changedAt.plus(LONGEST_VALIDITY))
                    ? this
                    : new AuthorityKeys(current, null, null, now, changedFor);
        }
        Instant old = current.certificate().getNotBefore().toInstant().plus(SIGNING_TIME);
        return wished || now.isAfter(old)
                ? new AuthorityKeys(current, newPair(now), null, now, wished ? wish : changedFor)
                : this;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AuthorityKeys keys && keys.data().equals(data());
    }

    @Override
    public int hashCode() {
        return Objects.hash(changedAt, changedFor);
    }
}
