package dev.pipelinejob.operator.monitor;

import dev.pipelinejob.operator.lifecycle.AttemptReport;
import dev.pipelinejob.operator.lifecycle.Problem;
import dev.pipelinejob.operator.lifecycle.WorkerPhase;
import dev.pipelinejob.protocol.control.AttemptFailed;
import dev.pipelinejob.protocol.control.Corrupt;
import dev.pipelinejob.protocol.control.Ready;
import dev.pipelinejob.protocol.control.Refused;
import dev.pipelinejob.protocol.control.RunningAttempt;
import dev.pipelinejob.protocol.control.WorkerMessage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Messages about an attempt, in the lifecycle's words.
final class AttemptReports {
    private AttemptReports() {}

    /// What a worker that connects again says that it does.
    static AttemptReport of(RunningAttempt running, @Nullable AttemptReport before, Instant at) {
        WorkerPhase phase =
                switch (running.getPhase()) {
                    case READY -> WorkerPhase.READY;
                    case RUNNING -> WorkerPhase.RUNNING;
                    case FAILED -> WorkerPhase.FAILED;
                    case FINISHED -> WorkerPhase.FINISHED;
                    case PAUSED -> WorkerPhase.PAUSED;
                    case PREPARING, WORKER_PHASE_UNSPECIFIED, UNRECOGNIZED -> WorkerPhase.PREPARING;
                };
        AttemptReport base = base(before, running.getAttempt(), at);
        Problem problem = null;
        if (phase == WorkerPhase.FAILED) {
            problem = base.problem() != null ? base.problem() : problem(running);
        }
        return new AttemptReport(
                running.getAttempt(),
                running.getDigest(),
                base.dataDigest(),
                phase,
                base.phase() == phase ? base.phaseAt() : at,
                running.getStep(),
                base.step() == running.getStep() ? base.stepAt() : at,
                problem);
    }

    private static Problem problem(RunningAttempt running) {
        if (running.hasCorrupt()) {
            return problem(running.getCorrupt());
        }
        if (running.hasRefused()) {
            return problem(running.getRefused());
        }
        return running.hasFailure()
                ? problem(running.getFailure())
                : new Problem.PeerLost("the worker had failed before it connected again, and nobody heard why.");
    }

    /// What was known of the attempt, or the little that is known of one that was never spoken of.
    private static AttemptReport base(@Nullable AttemptReport before, int attempt, Instant at) {
        return before != null && before.attempt() == attempt
                ? before
                : new AttemptReport(attempt, "", "", WorkerPhase.PREPARING, at, 0, at, null);
    }

    /// What holds after a message. One about an older attempt than the one known changes nothing.
    static @Nullable AttemptReport after(@Nullable AttemptReport before, WorkerMessage message, Instant at) {
        return switch (message.getBodyCase()) {
            case READY -> ready(before, message.getReady(), at);
            case CORRUPT -> failed(before, message.getCorrupt().getAttempt(), problem(message.getCorrupt()), at);
            case REFUSED -> failed(before, message.getRefused().getAttempt(), problem(message.getRefused()), at);
            case ATTEMPT_FAILED ->
                failed(before, message.getAttemptFailed().getAttempt(), problem(message.getAttemptFailed()), at);
            case PROGRESS ->
                stepped(
                        before,
                        message.getProgress().getAttempt(),
                        message.getProgress().getStep(),
                        WorkerPhase.RUNNING,
                        at);
            case COMMITTED ->
                stepped(
                        before,
                        message.getCommitted().getAttempt(),
                        message.getCommitted().getStep(),
                        WorkerPhase.RUNNING,
                        at);
            case FINISHED ->
                stepped(
                        before,
                        message.getFinished().getAttempt(),
                        message.getFinished().getStep(),
                        WorkerPhase.FINISHED,
                        at);
            case PAUSED ->
                stepped(
                        before,
                        message.getPaused().getAttempt(),
                        message.getPaused().getStep(),
                        WorkerPhase.PAUSED,
                        at);
            case HELLO,
                    ENGINE_UP,
                    ENGINE_EXITED,
                    EDGE_DOWN,
                    TRACE,
                    INVENTORY,
                    DRAINING,
                    ALIVE,
                    RENEW_CERTIFICATE,
                    BODY_NOT_SET -> before;
        };
    }

    private static Problem problem(Corrupt corrupt) {
        return new Problem.CorruptCheckpoint(corrupt.getStep(), corrupt.getPart(), corrupt.getDetail());
    }

    private static boolean late(@Nullable AttemptReport before, int attempt) {
        return before != null && before.attempt() > attempt;
    }

    private static @Nullable AttemptReport ready(@Nullable AttemptReport before, Ready ready, Instant at) {
        if (late(before, ready.getAttempt())) {
            return before;
        }
        return new AttemptReport(
                ready.getAttempt(), ready.getDigest(), ready.getDataDigest(), WorkerPhase.READY, at, 0, at, null);
    }

    private static @Nullable AttemptReport failed(
            @Nullable AttemptReport before, int attempt, Problem problem, Instant at) {
        if (late(before, attempt)) {
            return before;
        }
        AttemptReport base = base(before, attempt, at);
        return base.phase() == WorkerPhase.FAILED
                ? base
                : new AttemptReport(
                        attempt,
                        base.digest(),
                        base.dataDigest(),
                        WorkerPhase.FAILED,
                        at,
                        base.step(),
                        base.stepAt(),
                        problem);
    }

    private static @Nullable AttemptReport stepped(
            @Nullable AttemptReport before, int attempt, int step, WorkerPhase phase, Instant at) {
        if (late(before, attempt)) {
            return before;
        }
        AttemptReport base = base(before, attempt, at);
        if (base.phase() == WorkerPhase.FAILED
                || base.phase() == WorkerPhase.FINISHED
                || base.phase() == WorkerPhase.PAUSED) {
            return base;
        }
        return new AttemptReport(
                attempt,
                base.digest(),
                base.dataDigest(),
                phase,
                base.phase() == phase ? base.phaseAt() : at,
                Math.max(step, base.step()),
                step > base.step() ? at : base.stepAt(),
                null);
    }

    private static Problem problem(Refused refused) {
        String detail = refused.getDetail();
        return switch (refused.getReason()) {
            case STALE_ATTEMPT -> new Problem.StaleAttempt(0, detail);
            case OTHER_DIGEST -> new Problem.OtherDigest(detail);
            case DATA_CHANGED, INVALID -> new Problem.UserError(detail);
            case BUSY -> new Problem.Busy(detail);
            case REASON_UNSPECIFIED, UNRECOGNIZED -> new Problem.Internal(detail);
        };
    }

    private static Problem problem(AttemptFailed failed) {
        String detail = failed.getDetail();
        return switch (failed.getReason()) {
            case PEER_LOST -> new Problem.PeerLost(detail);
            case USER_ERROR -> new Problem.UserError(detail);
            case STORE_FULL -> new Problem.StoreFull(detail);
            case STORE_ERROR -> new Problem.StoreError(detail);
            case INTERNAL, REASON_UNSPECIFIED, UNRECOGNIZED -> new Problem.Internal(detail);
        };
    }
}
