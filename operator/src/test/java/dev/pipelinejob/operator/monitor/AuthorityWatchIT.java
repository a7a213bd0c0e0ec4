package dev.pipelinejob.operator.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipelinejob.operator.identity.AuthorityKeys;
import dev.pipelinejob.operator.identity.CertificateAuthority;
import dev.pipelinejob.operator.identity.TokenVerdict;
import dev.pipelinejob.protocol.identity.SpiffeId;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A CA and a server's certificate that grow old under live sessions; time is the test's, and passes in leaps.
@Timeout(120)
class AuthorityWatchIT {
    private static final SpiffeId.Worker POD = new SpiffeId.Worker("team-a", "job-1", "pod-0");
    private static final WorkerKey WORKER = new WorkerKey("job-1", 0, 1);

    private final Instant today = Instant.now();
    /// What certificates are dated by; handshakes are judged by the real time.
    private final LeapingClock dates = new LeapingClock(Instant.EPOCH);
    /// What the steps of a change are timed by.
    private Instant keysTime = today;

    private String wish = "";
    private boolean reachable = true;
    private AuthorityKeys stored;
    private AuthorityWatch watch;
    private ControlServer server;

    private static final class LeapingClock extends Clock {
        private Instant now;

        LeapingClock(Instant now) {
            this.now = now;
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void startLongAgo() throws IOException {
        dates.now = today.minus(Duration.ofDays(31));
        stored = AuthorityKeys.create(today);
        watch = AuthorityWatch.open(this::read, dates);
        server = ControlServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new ControlServer.Wiring(
                        watch.authority(),
                        _ -> new TokenVerdict.Accepted(POD),
                        identity -> identity.equals(POD) ? WORKER : null,
                        _ -> {}));
    }

    private void lookToday() {
        dates.now = today;
        watch.look(server);
    }

    private AuthorityKeys read() throws IOException {
        if (!reachable) {
            throw new IOException("The API server is away.");
        }
        stored = stored.advanced(keysTime, wish);
        return stored;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TestWorker worker() throws Exception {
        return TestWorker.enrol(server.port(), watch.authority().trustBundle(), "token");
    }

    private X509Certificate signer() {
        return watch.authority().certificate();
    }

    private static boolean isSigned(X509Certificate certificate, X509Certificate by) {
        try {
            certificate.verify(by.getPublicKey());
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    @Test
    void aCaThatIsRotatedOnRequestReachesEverySessionWithoutEndingIt() throws Exception {
        lookToday();
        X509Certificate first = signer();
        String firstBundle = watch.trustBundle();
        try (TestWorker worker = worker()) {
            worker.open(WORKER);
            assertThat(worker.hear().getTrustBundle().getCertificatesCount()).isEqualTo(1);

            wish = "leaked";
            watch.look(server);
            worker.trust(worker.hear().getTrustBundle());
            assertThat(worker.credentials().trustBundle()).hasSize(2);
            assertThat(signer()).as("workers are told first").isEqualTo(first);
            assertThat(watch.trustBundle()).as("what new pods get").isNotEqualTo(firstBundle);

            keysTime = today.plus(Duration.ofMinutes(11));
            watch.look(server);
            worker.trust(worker.hear().getTrustBundle());
            assertThat(signer()).isNotEqualTo(first);
            worker.renew();
            assertThat(isSigned(worker.credentials().chain().getFirst(), signer()))
                    .isTrue();

            keysTime = today.plus(Duration.ofDays(60));
            watch.look(server);
            worker.trust(worker.hear().getTrustBundle());
            assertThat(worker.credentials().trustBundle()).containsExactly(signer());

            worker.reopen(WORKER);
            assertThat(worker.hear().hasTrustBundle()).isTrue();
        }
    }

    @Test
    void aCaThatIsAYearOldIsFollowedByAnother() throws Exception {
        lookToday();
        X509Certificate first = signer();

        keysTime = today.plus(Duration.ofDays(366));
        watch.look(server);
        keysTime = keysTime.plus(Duration.ofMinutes(11));
        watch.look(server);

        assertThat(signer()).isNotEqualTo(first);
        assertThat(watch.authority().trustBundle()).contains(first);
    }

    @Test
    void theServersOwnCertificateIsRenewedUnderALiveSession() throws Exception {
        // given an operator that has not been restarted for longer than its certificate holds
        lookToday();
        try (TestWorker worker = worker()) {
            worker.open(WORKER);
            assertThat(worker.hear().hasTrustBundle()).isTrue();

            // when it is renewed again
            dates.now = today.plus(Duration.ofDays(16));
            watch.look(server);

            // then the stream goes on
            worker.renew();
            assertThat(worker.credentials().identity()).isEqualTo(POD);
        }
    }

    @Test
    void withoutALookTheServersCertificateEnds() throws Exception {
        dates.now = today;

        try (TestWorker worker = TestWorker.signedBy(server.port(), watch.authority(), POD, Duration.ofHours(1))) {
            worker.open(WORKER);
            assertThat(worker.ended().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void anApiServerThatIsAwayChangesNothingAndIsAskedAgain() throws Exception {
        lookToday();
        CertificateAuthority before = watch.authority();
        wish = "later";
        reachable = false;
        watch.look(server);
        assertThat(watch.authority().trustBundle()).isEqualTo(before.trustBundle());

        reachable = true;
        watch.look(server);
        assertThat(watch.authority().trustBundle()).hasSize(2);
    }

    @Test
    void withoutKeysThereIsNoStart() {
        reachable = false;

        assertThatThrownBy(() -> AuthorityWatch.open(this::read, dates)).isInstanceOf(IOException.class);
    }
}
