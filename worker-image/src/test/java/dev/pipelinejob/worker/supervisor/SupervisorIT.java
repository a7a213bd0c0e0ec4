package dev.pipelinejob.worker.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.protocol.control.EngineExited;
import dev.pipelinejob.protocol.control.EngineUp;
import dev.pipelinejob.protocol.control.Hello;
import dev.pipelinejob.protocol.control.KillEngine;
import dev.pipelinejob.protocol.control.Lease;
import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.control.Shutdown;
import dev.pipelinejob.protocol.control.Start;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.control.WorkerPhase;
import dev.pipelinejob.protocol.identity.IdentityCredentials;
import dev.pipelinejob.protocol.identity.SpiffeId;
import dev.pipelinejob.protocol.identity.TestAuthority;
import dev.pipelinejob.worker.TinyEngineMain;
import dev.pipelinejob.worker.config.OperatorTrust;
import dev.pipelinejob.worker.config.SupervisorConfig;
import dev.pipelinejob.worker.config.SupervisorConfig.SlotIdentity;
import dev.pipelinejob.worker.runtime.SmallJob;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real supervisor with real engine processes, and the test in the operator's place.
@Timeout(400)
class SupervisorIT {
    private static final SpiffeId.Worker WORKER = new SpiffeId.Worker("team-a", "job-1", "slot-0-1");
    private static final int MANY_STEPS = 1_000_000;

    @TempDir
    private Path directory = Path.of(".");

    private final TestAuthority authority = new TestAuthority("ours");

    @BeforeEach
    void writeSecrets() throws Exception {
        Files.writeString(directory.resolve("token"), "a-token\n");
        Files.write(
                directory.resolve("ca.der"),
                IdentityCredentials.der(List.of(authority.certificate())).getFirst());
    }

    @Test
    void theStandbyTakesOverFromAKilledEngineAndItsEndIsReported() throws Exception {
        try (TestOperator operator = new TestOperator(authority, WORKER)) {
            CompletableFuture<Supervisor.Ending> supervisor = supervise(operator);
            Hello hello = operator.await("hello", WorkerMessage::hasHello).getHello();
            assertThat(hello.getSlot()).isZero();
            assertThat(hello.hasRunning()).isFalse();
            EngineUp first = operator.await("up", WorkerMessage::hasEngineUp).getEngineUp();
            begin(operator, first, 1);
            EngineUp warm = operator.await(
                            "standby",
                            said -> said.hasEngineUp() && said.getEngineUp().getStandbyReady())
                    .getEngineUp();
            assertThat(warm.getPid()).isEqualTo(first.getPid());

            long killedNanos = System.nanoTime();
            ProcessHandle.of(first.getPid()).orElseThrow().destroyForcibly();

            EngineExited exited =
                    operator.await("exit", WorkerMessage::hasEngineExited).getEngineExited();
            EngineUp second = operator.await(
                            "takeover",
                            said -> said.hasEngineUp() && said.getEngineUp().getPid() != first.getPid())
                    .getEngineUp();
            System.out.println(
                    "kill to takeover: " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNanos) + " ms");
            assertThat(exited.getPid()).isEqualTo(first.getPid());
            assertThat(exited.getSignal()).isEqualTo(9);
            assertThat(exited.getExitCode()).isEqualTo(128 + 9);
            begin(operator, second, 2);
            assertThat(directory.resolve("rank.env"))
                    .content()
                    .contains("RANK=0\n", "WORLD_SIZE=1\n", "PIPELINEJOB_ATTEMPT=2\n");

            operator.say(OperatorMessage.newBuilder().setShutdown(Shutdown.getDefaultInstance()));
            assertThat(supervisor.get(120, TimeUnit.SECONDS)).isEqualTo(Supervisor.Ending.SHUTDOWN);
            assertThat(ProcessHandle.of(second.getPid())
                            .map(ProcessHandle::onExit)
                            .map(CompletableFuture::join))
                    .satisfiesAnyOf(
                            ended -> assertThat(ended).isEmpty(),
                            ended -> assertThat(ended.orElseThrow().isAlive()).isFalse());
        }
    }

    @Test
    void anOperatorThatComesBackElsewhereLearnsWhatRuns() throws Exception {
        Path address = directory.resolve("operator");
        CompletableFuture<Supervisor.Ending> supervisor;
        try (TestOperator operator = new TestOperator(authority, WORKER)) {
            Files.writeString(address, "127.0.0.1:" + operator.port());
            supervisor = supervise(operator);
            EngineUp up = operator.await("up", WorkerMessage::hasEngineUp).getEngineUp();
            begin(operator, up, 1);
        }
        try (TestOperator back = new TestOperator(authority, WORKER)) {
            Files.writeString(address, "127.0.0.1:" + back.port());

            Hello hello = back.await("hello", WorkerMessage::hasHello).getHello();

            assertThat(hello.getRunning().getAttempt()).isEqualTo(1);
            assertThat(hello.getRunning().getPhase()).isEqualTo(WorkerPhase.RUNNING);
            assertThat(hello.getRunning().getStep()).isPositive();
            assertThat(hello.getInventory().getCommittedStepsList()).isNotEmpty();
            back.await("progress", WorkerMessage::hasProgress);
            back.say(OperatorMessage.newBuilder().setShutdown(Shutdown.getDefaultInstance()));
            assertThat(supervisor.get(120, TimeUnit.SECONDS)).isEqualTo(Supervisor.Ending.SHUTDOWN);
        }
    }

    @Test
    void aSupervisorThatIsReplacedEndsItselfAndItsEngine() throws Exception {
        try (TestOperator operator = new TestOperator(authority, WORKER)) {
            CompletableFuture<Supervisor.Ending> supervisor = supervise(operator);
            EngineUp up = operator.await("up", WorkerMessage::hasEngineUp).getEngineUp();
            CompletableFuture<ProcessHandle> engineEnd =
                    ProcessHandle.of(up.getPid()).orElseThrow().onExit();

            operator.refuse(
                    Status.FAILED_PRECONDITION.withDescription("A newer incarnation of slot 0 has the session."));

            assertThat(supervisor.get(120, TimeUnit.SECONDS)).isEqualTo(Supervisor.Ending.SUPERSEDED);
            assertThat(engineEnd).succeedsWithin(Duration.ofMinutes(2));
        }
    }

    @Test
    void aCertificateIsRenewedOnTheStreamSoThatTheTokenIsNotNeededAgain() throws Exception {
        Path address = directory.resolve("operator");
        CompletableFuture<Supervisor.Ending> supervisor;
        try (TestOperator operator = new TestOperator(authority, WORKER)) {
            supervisor = supervise(operator);
            EngineUp up = operator.await("up", WorkerMessage::hasEngineUp).getEngineUp();
            operator.say(
                    OperatorMessage.newBuilder().setLease(Lease.newBuilder().setSeconds(60)));

            operator.await("renewal", WorkerMessage::hasRenewCertificate);

            // What follows the certificate on the stream is obeyed after it was taken.
            operator.say(OperatorMessage.newBuilder().setKillEngine(KillEngine.getDefaultInstance()));
            assertThat(operator.await("exit", WorkerMessage::hasEngineExited)
                            .getEngineExited()
                            .getPid())
                    .isEqualTo(up.getPid());
            assertThat(operator.enrolments()).isEqualTo(1);
        }
        Files.delete(directory.resolve("token"));
        try (TestOperator back = new TestOperator(authority, WORKER)) {
            Files.writeString(address, "127.0.0.1:" + back.port());

            back.await("hello", WorkerMessage::hasHello);

            assertThat(back.enrolments()).isZero();
            back.say(OperatorMessage.newBuilder().setShutdown(Shutdown.getDefaultInstance()));
            assertThat(supervisor.get(120, TimeUnit.SECONDS)).isEqualTo(Supervisor.Ending.SHUTDOWN);
        }
    }

    /// Both phases of an attempt, until it makes progress.
    private void begin(TestOperator operator, EngineUp engine, int attempt) throws InterruptedException {
        operator.say(OperatorMessage.newBuilder().setLease(Lease.newBuilder().setSeconds(60)));
        operator.say(OperatorMessage.newBuilder()
                .setPrepare(SmallJob.alone(directory, attempt, MANY_STEPS, engine.getAddress(), WORKER.uri())));
        operator.await("ready", said -> said.hasReady() && said.getReady().getAttempt() == attempt);
        operator.say(OperatorMessage.newBuilder().setStart(Start.newBuilder().setAttempt(attempt)));
        operator.await(
                "commit", said -> said.hasCommitted() && said.getCommitted().getAttempt() == attempt);
    }

    private CompletableFuture<Supervisor.Ending> supervise(TestOperator operator) throws Exception {
        Path address = directory.resolve("operator");
        Files.writeString(address, "127.0.0.1:" + operator.port());
        SupervisorConfig config = new SupervisorConfig(
                Optional.empty(),
                Optional.of(address),
                new SlotIdentity("team-a", "job-1", 0, 1),
                directory.resolve("token"),
                new OperatorTrust.File(directory.resolve("ca.der")),
                Optional.of(directory.resolve("checkpoints")),
                directory.resolve("logs"),
                true,
                Duration.ofMinutes(5),
                Duration.ZERO,
                true,
                Optional.of(directory.resolve("rank.env")),
                List.of());
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                TinyEngineMain.class.getName());
        Supervisor supervisor = new Supervisor(
                config,
                Clock.systemUTC(),
                new EngineLauncher(
                        command, Map.of(), new EngineLogs(directory.resolve("logs"), "slot-0-1", System.out)));
        CompletableFuture<Supervisor.Ending> ending = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("supervisor").start(() -> {
            try {
                ending.complete(supervisor.run());
            } catch (InterruptedException e) {
                ending.completeExceptionally(e);
            }
        });
        return ending;
    }
}
