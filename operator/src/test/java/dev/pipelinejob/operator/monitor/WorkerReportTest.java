package dev.pipelinejob.operator.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.operator.lifecycle.AttemptReport;
import dev.pipelinejob.operator.lifecycle.EdgeReport;
import dev.pipelinejob.operator.lifecycle.EngineState;
import dev.pipelinejob.operator.lifecycle.Problem;
import dev.pipelinejob.operator.lifecycle.Session;
import dev.pipelinejob.operator.lifecycle.WorkerPhase;
import dev.pipelinejob.protocol.control.AttemptFailed;
import dev.pipelinejob.protocol.control.Corrupt;
import dev.pipelinejob.protocol.control.EdgeDown;
import dev.pipelinejob.protocol.control.EngineExited;
import dev.pipelinejob.protocol.control.EngineUp;
import dev.pipelinejob.protocol.control.Hello;
import dev.pipelinejob.protocol.control.Progress;
import dev.pipelinejob.protocol.control.Ready;
import dev.pipelinejob.protocol.control.Refused;
import dev.pipelinejob.protocol.control.RunningAttempt;
import dev.pipelinejob.protocol.control.WorkerMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WorkerReportTest {
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final WorkerKey WORKER = new WorkerKey("uid", 1, 2);
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final EngineUp ENGINE =
            EngineUp.newBuilder().setPid(70).setAddress("127.0.0.1:9").build();

    private static WorkerReport connected(Hello.Builder hello) {
        return WorkerReport.awaited(WORKER, START)
                .after(new MonitorEvent.Connected(WORKER, 1, hello.build()), START.plusSeconds(1));
    }

    private static WorkerReport with(WorkerReport report, WorkerMessage.Builder message, int second) {
        return report.after(
                new MonitorEvent.Received(WORKER, report.number(), message.build()), START.plusSeconds(second));
    }

    private static WorkerMessage.Builder progress(int attempt, int step) {
        return WorkerMessage.newBuilder()
                .setProgress(Progress.newBuilder().setAttempt(attempt).setStep(step));
    }

    private static WorkerMessage.Builder ready(int attempt) {
        return WorkerMessage.newBuilder()
                .setReady(Ready.newBuilder().setAttempt(attempt).setDigest("d").setDataDigest("e"));
    }

    private static AttemptReport attempt(WorkerReport report) {
        return Objects.requireNonNull(report.attempt());
    }

    @Test
    void aHelloTellsARestartedOperatorAll() {
        // when
        WorkerReport report = connected(Hello.newBuilder()
                .setSupervisorPid(60)
                .setEngine(ENGINE)
                .setRunning(RunningAttempt.newBuilder()
                        .setAttempt(3)
                        .setDigest("d")
                        .setPhase(dev.pipelinejob.protocol.control.WorkerPhase.RUNNING)
                        .setStep(17)));

        // then
        assertThat(report.session()).isEqualTo(new Session.Connected());
        assertThat(report.supervisorPid()).isEqualTo(60);
        assertThat(report.engine()).isEqualTo(new EngineState.Up(70, "127.0.0.1:9", "", false, true));
        assertThat(attempt(report).attempt()).isEqualTo(3);
        assertThat(attempt(report).phase()).isEqualTo(WorkerPhase.RUNNING);
        assertThat(attempt(report).step()).isEqualTo(17);
    }

    @Test
    void aHelloTellsARestartedOperatorWhyAWorkerFailedAndWhomItDoesNotReach() {
        WorkerReport report = connected(Hello.newBuilder()
                .setEngine(ENGINE)
                .setRunning(RunningAttempt.newBuilder()
                        .setAttempt(3)
                        .setPhase(dev.pipelinejob.protocol.control.WorkerPhase.FAILED)
                        .setFailure(AttemptFailed.newBuilder()
                                .setAttempt(3)
                                .setReason(AttemptFailed.Reason.STORE_ERROR)
                                .setDetail("The store is away."))
                        .addDeadPeerRanks(2)));

        assertThat(attempt(report).problem()).isEqualTo(new Problem.StoreError("The store is away."));
        assertThat(report.edges()).containsExactly(new EdgeReport(3, 2, START.plusSeconds(1)));
    }

    @Test
    void aHelloTellsARestartedOperatorWhatCouldNotBeLoadedAndWhatWasRefused() {
        WorkerReport corrupt = connected(Hello.newBuilder()
                .setRunning(failed(3)
                        .setCorrupt(Corrupt.newBuilder()
                                .setAttempt(3)
                                .setStep(40)
                                .setPart("layers-0000-0002")
                                .setDetail("It is too short."))));
        WorkerReport refused = connected(Hello.newBuilder()
                .setRunning(failed(3)
                        .setRefused(Refused.newBuilder()
                                .setAttempt(3)
                                .setReason(Refused.Reason.DATA_CHANGED)
                                .setDetail("The data is another."))));

        assertThat(attempt(corrupt).problem())
                .isEqualTo(new Problem.CorruptCheckpoint(40, "layers-0000-0002", "It is too short."));
        assertThat(attempt(refused).problem()).isEqualTo(new Problem.UserError("The data is another."));
    }

    private static RunningAttempt.Builder failed(int attempt) {
        return RunningAttempt.newBuilder()
                .setAttempt(attempt)
                .setPhase(dev.pipelinejob.protocol.control.WorkerPhase.FAILED);
    }

    @Test
    void aStepIsTimedWhenItIsSeenFirst() {
        // given
        WorkerReport ready = with(connected(Hello.newBuilder().setEngine(ENGINE)), ready(1), 2);

        // when
        WorkerReport stepped = with(with(ready, progress(1, 5), 3), progress(1, 5), 9);

        // then
        assertThat(attempt(stepped).step()).isEqualTo(5);
        assertThat(attempt(stepped).stepAt()).isEqualTo(START.plusSeconds(3));
        assertThat(attempt(stepped).digest()).isEqualTo("d");
        assertThat(attempt(stepped).phase()).isEqualTo(WorkerPhase.RUNNING);
    }

    @Test
    void whatAnOlderAttemptSaysLateChangesNothing() {
        // given
        WorkerReport ready = with(connected(Hello.newBuilder().setEngine(ENGINE)), ready(2), 2);

        // when
        WorkerReport late = with(ready, progress(1, 99), 3);

        // then
        assertThat(late.attempt()).isEqualTo(ready.attempt());
    }

    @Test
    void aFailureStaysUntilTheNextAttempt() {
        // given
        WorkerReport ready = with(connected(Hello.newBuilder().setEngine(ENGINE)), ready(1), 2);
        WorkerMessage.Builder lost = WorkerMessage.newBuilder()
                .setAttemptFailed(AttemptFailed.newBuilder()
                        .setAttempt(1)
                        .setReason(AttemptFailed.Reason.PEER_LOST)
                        .setDetail("rank 2"));

        // when
        WorkerReport failed = with(with(ready, lost, 3), progress(1, 6), 4);

        // then
        assertThat(attempt(failed).problem()).isEqualTo(new Problem.PeerLost("rank 2"));
        assertThat(attempt(with(failed, ready(2), 5)).phase()).isEqualTo(WorkerPhase.READY);
    }

    @Test
    void anEnginesEndTakesItsAttemptAndEdgesWithIt() {
        // given
        WorkerReport ready = with(connected(Hello.newBuilder().setEngine(ENGINE)), ready(1), 2);
        WorkerReport cut = with(
                ready,
                WorkerMessage.newBuilder()
                        .setEdgeDown(EdgeDown.newBuilder().setAttempt(1).setPeerRank(0)),
                3);

        // when
        WorkerReport ended = with(
                cut,
                WorkerMessage.newBuilder()
                        .setEngineExited(EngineExited.newBuilder()
                                .setPid(70)
                                .setExitCode(137)
                                .setSignal(9)),
                4);

        // then
        assertThat(cut.edges()).hasSize(1);
        assertThat(ended.engine()).isEqualTo(new EngineState.Down(START.plusSeconds(4)));
        assertThat(ended.attempt()).isNull();
        assertThat(ended.edges()).isEmpty();
        assertThat(Objects.requireNonNull(ended.lastExit()).signal()).isEqualTo(9);
    }

    @Test
    void theEndOfAnOlderSessionDoesNotEndTheNewOne() {
        // given
        WorkerReport first = connected(Hello.newBuilder());
        WorkerReport second =
                first.after(new MonitorEvent.Connected(WORKER, 2, Hello.getDefaultInstance()), START.plusSeconds(2));

        // when
        WorkerReport report =
                second.after(new MonitorEvent.Disconnected(WORKER, 1, "it broke", Duration.ZERO), START.plusSeconds(3));

        // then
        assertThat(report.session()).isEqualTo(new Session.Connected());
        assertThat(second.after(new MonitorEvent.Disconnected(WORKER, 2, "it broke", QUIET), START.plusSeconds(4))
                        .session())
                .isEqualTo(new Session.Silent(START.plusSeconds(2)));
    }

    @Test
    void aWorkerInALongStepIsSilentOnlySinceItsConnectionWasLastSeenAlive() {
        // given
        WorkerReport calm = connected(Hello.newBuilder());
        Instant broken = START.plusSeconds(90);

        // when
        WorkerReport report = calm.after(new MonitorEvent.Disconnected(WORKER, 1, "it broke", QUIET), broken);

        // then
        assertThat(report.session()).isEqualTo(new Session.Silent(broken.minus(QUIET)));
    }
}
