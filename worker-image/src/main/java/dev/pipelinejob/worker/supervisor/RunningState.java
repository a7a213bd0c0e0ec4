package dev.pipelinejob.worker.supervisor;

import dev.pipelinejob.protocol.control.EdgeDown;
import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.control.Progress;
import dev.pipelinejob.protocol.control.Refused;
import dev.pipelinejob.protocol.control.RunningAttempt;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.control.WorkerPhase;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the engine is doing, as far as its supervisor has heard: enough for an operator that comes back.
final class RunningState {
    private @Nullable RunningAttempt running;

    /// Null while the engine has no attempt.
    @Nullable
    RunningAttempt now() {
        return running;
    }

    void engineIsFresh() {
        running = null;
    }

    void preparing(Prepare request) {
        RunningAttempt known = running;
        if (known == null || known.getAttempt() < request.getAttempt()) {
            running = RunningAttempt.newBuilder()
                    .setAttempt(request.getAttempt())
                    .setDigest(request.getDigest())
                    .setRank(request.getRank())
                    .setPhase(WorkerPhase.PREPARING)
                    .setStep(request.getResumeStep())
                    .build();
        }
    }

    void started(int attempt) {
        become(attempt, WorkerPhase.RUNNING);
    }

    /// Takes what the engine reports.
    void heard(WorkerMessage report) {
        switch (report.getBodyCase()) {
            case READY -> become(report.getReady().getAttempt(), WorkerPhase.READY);
            case CORRUPT -> failed(report.getCorrupt().getAttempt(), next -> next.setCorrupt(report.getCorrupt()));
            case REFUSED -> refused(report.getRefused());
            case ATTEMPT_FAILED ->
                failed(report.getAttemptFailed().getAttempt(), next -> next.setFailure(report.getAttemptFailed()));
            case EDGE_DOWN -> edgeDown(report.getEdgeDown());
            case FINISHED -> become(report.getFinished().getAttempt(), WorkerPhase.FINISHED);
            case PAUSED -> become(report.getPaused().getAttempt(), WorkerPhase.PAUSED);
            case PROGRESS -> progress(report.getProgress());
            case HELLO,
                    ENGINE_UP,
                    ENGINE_EXITED,
                    COMMITTED,
                    TRACE,
                    INVENTORY,
                    DRAINING,
                    ALIVE,
                    RENEW_CERTIFICATE,
                    BODY_NOT_SET -> {
                // Says nothing about the phase.
            }
        }
    }

    /// A refusal ends an attempt only while it is being prepared: one that runs refuses its own repetition.
    private void refused(Refused refusal) {
        RunningAttempt known = running;
        if (known != null && known.getPhase() == WorkerPhase.PREPARING) {
            failed(refusal.getAttempt(), next -> next.setRefused(refusal));
        }
    }

    private void progress(Progress progress) {
        RunningAttempt known = running;
        if (known == null || known.getAttempt() != progress.getAttempt()) {
            return;
        }
        RunningAttempt.Builder next = known.toBuilder()
                .setPhase(WorkerPhase.RUNNING)
                .setStep(progress.getStep())
                .clearDeadPeerRanks();
        if (progress.hasLoss()) {
            next.setLoss(progress.getLoss());
        }
        running = next.build();
    }

    private void failed(int attempt, Consumer<RunningAttempt.Builder> why) {
        RunningAttempt known = running;
        if (known != null && known.getAttempt() == attempt) {
            RunningAttempt.Builder next = known.toBuilder().setPhase(WorkerPhase.FAILED);
            why.accept(next);
            running = next.build();
        }
    }

    private void edgeDown(EdgeDown edge) {
        RunningAttempt known = running;
        if (known != null
                && known.getAttempt() == edge.getAttempt()
                && !known.getDeadPeerRanksList().contains(edge.getPeerRank())) {
            running = known.toBuilder().addDeadPeerRanks(edge.getPeerRank()).build();
        }
    }

    private void become(int attempt, WorkerPhase phase) {
        RunningAttempt known = running;
        if (known != null && known.getAttempt() == attempt) {
            running = known.toBuilder().setPhase(phase).build();
        }
    }
}
