package dev.pipelinejob.worker.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.protocol.control.AttemptFailed;
import dev.pipelinejob.protocol.control.Corrupt;
import dev.pipelinejob.protocol.control.EdgeDown;
import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.control.Progress;
import dev.pipelinejob.protocol.control.Refused;
import dev.pipelinejob.protocol.control.RunningAttempt;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.control.WorkerPhase;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What an operator hears that comes when all has been said.
class RunningStateTest {
    private final RunningState state = new RunningState();

    private void prepare(int attempt) {
        state.preparing(Prepare.newBuilder().setAttempt(attempt).build());
    }

    private void edgeDown(int attempt, int peer) {
        state.heard(WorkerMessage.newBuilder()
                .setEdgeDown(EdgeDown.newBuilder().setAttempt(attempt).setPeerRank(peer))
                .build());
    }

    private RunningAttempt now() {
        return Objects.requireNonNull(state.now());
    }

    @Test
    void deadEdgesAreToldUntilAStepShowsThatTheyCarryAgain() {
        prepare(2);
        edgeDown(1, 5);
        edgeDown(2, 1);
        edgeDown(2, 1);
        assertThat(now().getDeadPeerRanksList()).containsExactly(1);

        state.heard(WorkerMessage.newBuilder()
                .setProgress(Progress.newBuilder().setAttempt(2).setStep(7))
                .build());

        assertThat(now().getDeadPeerRanksList()).isEmpty();
    }

    @Test
    void whyAnAttemptFailedIsToldUntilTheNextOne() {
        prepare(2);
        AttemptFailed failure = AttemptFailed.newBuilder()
                .setAttempt(2)
                .setReason(AttemptFailed.Reason.STORE_ERROR)
                .setDetail("The store is away.")
                .build();

        state.heard(WorkerMessage.newBuilder().setAttemptFailed(failure).build());

        assertThat(now().getPhase()).isEqualTo(WorkerPhase.FAILED);
        assertThat(now().getFailure()).isEqualTo(failure);

        prepare(3);
        assertThat(now().hasFailure()).isFalse();
    }

    @Test
    void whatCouldNotBeLoadedIsToldUntilTheNextAttempt() {
        prepare(2);
        Corrupt corrupt = Corrupt.newBuilder().setAttempt(2).setStep(40).build();

        state.heard(WorkerMessage.newBuilder().setCorrupt(corrupt).build());

        assertThat(now().getPhase()).isEqualTo(WorkerPhase.FAILED);
        assertThat(now().getCorrupt()).isEqualTo(corrupt);

        prepare(3);
        assertThat(now().hasCorrupt()).isFalse();
    }

    @Test
    void aRefusalIsToldOnlyWhenItEndsTheAttempt() {
        Refused refusal = Refused.newBuilder().setAttempt(2).build();
        WorkerMessage message = WorkerMessage.newBuilder().setRefused(refusal).build();
        prepare(2);
        state.started(2);
        state.heard(message);
        assertThat(now().hasRefused()).isFalse();

        prepare(3);
        state.heard(message);
        assertThat(now().hasRefused()).isFalse();

        state.heard(WorkerMessage.newBuilder()
                .setRefused(refusal.toBuilder().setAttempt(3))
                .build());
        assertThat(now().getPhase()).isEqualTo(WorkerPhase.FAILED);
        assertThat(now().getRefused().getAttempt()).isEqualTo(3);
    }
}
