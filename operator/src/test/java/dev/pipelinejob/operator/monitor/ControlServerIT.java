package dev.pipelinejob.operator.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipelinejob.operator.identity.AuthorityKeys;
import dev.pipelinejob.operator.identity.CertificateAuthority;
import dev.pipelinejob.operator.identity.TokenVerdict;
import dev.pipelinejob.operator.identity.TokenVerifier;
import dev.pipelinejob.operator.lifecycle.AttemptReport;
import dev.pipelinejob.operator.lifecycle.WorkerPhase;
import dev.pipelinejob.protocol.control.Alive;
import dev.pipelinejob.protocol.control.AttemptFailed;
import dev.pipelinejob.protocol.control.Finished;
import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.control.Ready;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.identity.IdentityCredentials;
import dev.pipelinejob.protocol.identity.SpiffeId;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real mutual TLS on loopback: who may enrol and open a session, and a CA that changes while sessions live.
@Timeout(120)
class ControlServerIT {
    private static final SpiffeId.Worker FIRST = new SpiffeId.Worker("team-a", "job-1", "pod-0");
    private static final SpiffeId.Worker SECOND = new SpiffeId.Worker("team-a", "job-1", "pod-1");
    private static final SpiffeId.Worker FIRST_AGAIN = new SpiffeId.Worker("team-a", "job-1", "pod-2");
    private static final Map<SpiffeId.Worker, WorkerKey> MEMBERS = Map.of(
            FIRST, new WorkerKey("job-1", 0, 1),
            SECOND, new WorkerKey("job-1", 1, 1),
            FIRST_AGAIN, new WorkerKey("job-1", 0, 2));

    private final Instant now = Instant.now();
    private final Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    private final BlockingQueue<MonitorEvent> events = new LinkedBlockingQueue<>();
    private AuthorityKeys keys = newKeys();
    private ControlServer server = start();

    private AuthorityKeys newKeys() {
        try {
            return AuthorityKeys.create(now);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ControlServer start() {
        try {
            return ControlServer.start(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    new ControlServer.Wiring(authority(), ControlServerIT::verdict, MEMBERS::get, events::put));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private CertificateAuthority authority() {
        return keys.authority(clock);
    }

    private static TokenVerdict verdict(String token) {
        return MEMBERS.keySet().stream()
                .filter(worker -> token.equals("token of " + worker.podUid()))
                .findFirst()
                .<TokenVerdict>map(TokenVerdict.Accepted::new)
                .orElseGet(() -> new TokenVerdict.Refused("The token is nobody's."));
    }

    @BeforeEach
    void clear() {
        events.clear();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TestWorker worker(SpiffeId.Worker identity) throws Exception {
        return TestWorker.enrol(server.port(), authority().trustBundle(), "token of " + identity.podUid());
    }

    @Test
    void aTokenBuysACertificateAndTheCertificateASession() throws Exception {
        try (TestWorker worker = worker(FIRST)) {
            assertThat(worker.credentials().identity()).isEqualTo(FIRST);

            worker.open(MEMBERS.get(FIRST));

            assertThat(events.take())
                    .isInstanceOfSatisfying(MonitorEvent.Connected.class, connected -> assertThat(connected.worker())
                            .isEqualTo(MEMBERS.get(FIRST)));
            assertThat(worker.hear().getTrustBundle().getCertificatesCount()).isEqualTo(1);
        }
    }

    @Test
    void aFleetThatEnrolsAtOnceIsAskedForAFewAtATime() throws Exception {
        AtomicInteger asking = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        TokenVerifier slow = token -> {
            most.accumulateAndGet(asking.incrementAndGet(), Math::max);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            asking.decrementAndGet();
            return verdict(token);
        };
        try (ControlServer busy = ControlServer.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new ControlServer.Wiring(authority(), slow, MEMBERS::get, events::put));
                ExecutorService fleet = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<TestWorker>> workers = IntStream.range(0, 8 * EnrolmentService.MAX_AT_ONCE)
                    .mapToObj(_ -> fleet.submit(() ->
                            TestWorker.enrol(busy.port(), authority().trustBundle(), "token of " + FIRST.podUid())))
                    .toList();
            for (Future<TestWorker> worker : workers) {
                assertThat(worker.get().credentials().identity()).isEqualTo(FIRST);
            }
        }
        assertThat(most.get()).isBetween(1, EnrolmentService.MAX_AT_ONCE);
    }

    @Test
    void aForeignTokenBuysNothing() {
        assertThatThrownBy(() -> TestWorker.enrol(server.port(), authority().trustBundle(), "stolen"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED))
                .hasMessageContaining("The token is nobody's.");
    }

    @Test
    void withoutACertificateThereIsNoSession() throws Exception {
        assertThat(TestWorker.openAnonymously(server.port(), authority().trustBundle()))
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(events).isEmpty();
    }

    @Test
    void whoIsNotOfTheJobIsRefusedWithTheSameCa() throws Exception {
        List<SpiffeId.Worker> strangers = List.of(
                new SpiffeId.Worker("team-a", "job-2", "pod-0"),
                new SpiffeId.Worker("team-b", "job-1", "pod-0"),
                new SpiffeId.Worker("team-a", "job-1", "pod-9"));
        for (SpiffeId.Worker stranger : strangers) {
            try (TestWorker worker = TestWorker.signedBy(server.port(), authority(), stranger, Duration.ofHours(1))) {
                worker.open(MEMBERS.get(FIRST));

                assertThat(worker.ended().getCode()).as("%s", stranger).isEqualTo(Status.Code.PERMISSION_DENIED);
            }
        }
        assertThat(events).isEmpty();
    }

    @Test
    void aWorkerSpeaksForItsOwnSlotOnly() throws Exception {
        try (TestWorker worker = worker(FIRST)) {
            worker.open(MEMBERS.get(SECOND));

            assertThat(worker.ended().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
    }

    @Test
    void anOlderIncarnationGetsNoSessionBesideANewerOne() throws Exception {
        try (TestWorker newer = worker(FIRST_AGAIN);
                TestWorker older = worker(FIRST)) {
            newer.open(MEMBERS.get(FIRST_AGAIN));
            assertThat(newer.hear().hasTrustBundle()).isTrue();

            older.open(MEMBERS.get(FIRST));

            assertThat(older.ended().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            newer.renew();
        }
    }

    @Test
    void whatAWorkerSaysOfAStaleAttemptIsNotHeard() throws Exception {
        WorkerKey key = Objects.requireNonNull(MEMBERS.get(FIRST));
        Roster roster = new Roster(server.sessions());
        roster.expect(key, now);
        try (TestWorker worker = worker(FIRST)) {
            worker.open(key);
            roster.take(events.take(), now);
            worker.say(WorkerMessage.newBuilder()
                    .setReady(Ready.newBuilder().setAttempt(3).setDigest("third")));
            roster.take(events.take(), now);

            worker.say(WorkerMessage.newBuilder()
                    .setFinished(Finished.newBuilder().setAttempt(2).setStep(500)));
            worker.say(WorkerMessage.newBuilder()
                    .setAttemptFailed(AttemptFailed.newBuilder().setAttempt(2)));
            roster.take(events.take(), now);
            roster.take(events.take(), now);
        }

        AttemptReport known =
                Objects.requireNonNull(Objects.requireNonNull(roster.report(0)).attempt());
        assertThat(known.attempt()).isEqualTo(3);
        assertThat(known.phase()).isEqualTo(WorkerPhase.READY);
        assertThat(known.step()).isZero();
    }

    @Test
    void aWorkerThatGaveASignOfLifeAndNoMoreIsSilentSinceThenAndOneThatNeverDidMayBeQuiet() throws Exception {
        try (TestWorker silent = worker(FIRST);
                TestWorker quiet = worker(SECOND)) {
            silent.open(MEMBERS.get(FIRST));
            quiet.open(MEMBERS.get(SECOND));
            OperatorMessage _ = silent.hear();
            silent.say(WorkerMessage.newBuilder().setAlive(Alive.getDefaultInstance()));
            OperatorMessage answer = silent.hear();
            List<MonitorEvent> opened = List.of(events.take(), events.take());

            for (int second = 0; second <= Sessions.QUIET_SECONDS; second++) {
                server.sessions().sweep();
            }

            assertThat(opened).allMatch(MonitorEvent.Connected.class::isInstance);
            assertThat(answer.hasAlive()).isTrue();
            assertThat(events.take()).isInstanceOfSatisfying(MonitorEvent.Disconnected.class, ended -> {
                assertThat(ended.worker()).isEqualTo(MEMBERS.get(FIRST));
                assertThat(ended.reason()).isEqualTo("nothing was heard for 6 s");
                assertThat(ended.quiet()).isGreaterThan(Duration.ofSeconds(Sessions.QUIET_SECONDS));
            });
            assertThat(events).as("the other one goes on").isEmpty();
        }
    }

    @Test
    void anExpiredCertificateIsRefusedInTheHandshake() throws Exception {
        try (TestWorker worker = TestWorker.signedBy(server.port(), authority(), FIRST, Duration.ofMinutes(-1))) {
            worker.open(MEMBERS.get(FIRST));

            assertThat(worker.ended().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
        assertThat(events).isEmpty();
    }

    @Test
    void aCertificateIsRenewedOnTheStream() throws Exception {
        try (TestWorker worker = worker(FIRST)) {
            worker.open(MEMBERS.get(FIRST));
            OperatorMessage _ = worker.hear();
            IdentityCredentials before = worker.credentials();

            worker.renew();

            assertThat(worker.credentials().chain()).isNotEqualTo(before.chain());
            assertThat(worker.credentials().identity()).isEqualTo(FIRST);
            assertThat(events.poll(5, TimeUnit.SECONDS)).isInstanceOf(MonitorEvent.Connected.class);
            assertThat(events).as("nobody else need know").isEmpty();
        }
    }

    @Test
    void sessionsLiveOnWhileOneCaTakesOverFromAnother() throws Exception {
        CertificateAuthority old = authority();
        try (TestWorker worker = worker(FIRST)) {
            worker.open(MEMBERS.get(FIRST));
            assertThat(worker.hear().getTrustBundle().getCertificatesCount()).isEqualTo(1);

            keys = keys.advanced(now, "test");
            server.trust(authority());
            worker.trust(worker.hear().getTrustBundle());
            assertThat(worker.credentials().trustBundle()).hasSize(2);

            keys = keys.advanced(now.plus(Duration.ofHours(1)), "test");
            server.trust(authority());
            worker.trust(worker.hear().getTrustBundle());
            worker.renew();
            worker.credentials()
                    .chain()
                    .getFirst()
                    .verify(authority().certificate().getPublicKey());
            try (TestWorker late = TestWorker.signedBy(server.port(), old, SECOND, Duration.ofHours(1))) {
                late.trust(authority().trustBundle());
                late.open(MEMBERS.get(SECOND));
                assertThat(late.hear().hasTrustBundle())
                        .as("a certificate of the old CA still counts")
                        .isTrue();
            }

            keys = keys.advanced(now.plus(Duration.ofDays(60)), "test");
            server.trust(authority());
            worker.trust(worker.hear().getTrustBundle());
            assertThat(worker.credentials().trustBundle())
                    .containsExactly(authority().certificate());
            try (TestWorker stale = TestWorker.signedBy(server.port(), old, SECOND, Duration.ofHours(1))) {
                stale.trust(authority().trustBundle());
                stale.open(MEMBERS.get(SECOND));
                assertThat(stale.ended().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            }

            worker.reopen(MEMBERS.get(FIRST));
            assertThat(worker.hear().hasTrustBundle()).isTrue();
        }
    }
}
