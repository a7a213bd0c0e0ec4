package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One pod as it really is: its supervisor, its engine and the attempt that the engine holds. What the operator knows
/// of it may be older.
final class SimulatedPod {
    enum State {
        PENDING,
        RUNNING,
        ENDED
    }

    final int slot;
    final int incarnation;
    final String node;
    final Instant createdAt;
    final Deque<Runnable> inbox = new ArrayDeque<>();
    State state = State.PENDING;
    Instant startsAt;
    int exitCode;
    boolean disrupted;

    /// When the operator asked for its end; null until then.
    @Nullable
    Instant releasedAt;

    @Nullable
    Instant endsAt;

    @Nullable
    Instant drainedAt;

    boolean blocked;
    boolean linkDown;
    boolean hung;
    long pid;
    Instant engineAt = Instant.MAX;

    @Nullable
    EngineExit lastExit;

    @Nullable
    ClaimedAttempt attempt;

    WorkerPhase phase = WorkerPhase.PREPARING;
    int rank;
    int step;
    Instant preparedAt = Instant.MAX;
    boolean pauseRequested;

    @Nullable
    Problem problem;

    Instant leaseUntil = Instant.MIN;
    final List<EdgeReport> edges = new ArrayList<>();

    SimulatedPod(int slot, int incarnation, String node, Instant createdAt, Instant startsAt) {
        this.slot = slot;
        this.incarnation = incarnation;
        this.node = node;
        this.createdAt = createdAt;
        this.startsAt = startsAt;
    }

    boolean runs() {
        return state == State.RUNNING;
    }

    boolean hasEngine() {
        return runs() && pid != 0;
    }

    /// Whether nothing speaks against leaving it alone.
    boolean isSound() {
        return hasEngine() && !hung && !linkDown && drainedAt == null && releasedAt == null;
    }

    void end(int code, boolean disruption) {
        state = State.ENDED;
        exitCode = code;
        disrupted = disruption;
        loseEngine();
    }

    void killEngine(int code, int signal, Instant now, Duration takeOver) {
        if (hasEngine()) {
            lastExit = new EngineExit(pid, code, signal, "last words of " + pid);
            loseEngine();
            engineAt = now.plus(takeOver);
        }
    }

    private void loseEngine() {
        pid = 0;
        attempt = null;
        hung = false;
        problem = null;
        pauseRequested = false;
        edges.clear();
    }

    /// As the engine's own fence has it: never back to an attempt that is not newer.
    void prepare(ClaimedAttempt wanted, int asRank, Instant readyAt) {
        if (!hasEngine() || hung || (attempt != null && attempt.number() >= wanted.number())) {
            return;
        }
        attempt = wanted;
        rank = asRank;
        phase = WorkerPhase.PREPARING;
        step = wanted.resumeStep();
        preparedAt = readyAt;
        pauseRequested = false;
        problem = null;
        edges.clear();
    }

    void start(int number) {
        if (attempt != null && attempt.number() == number && phase == WorkerPhase.READY && !hung) {
            phase = WorkerPhase.RUNNING;
        }
    }

    void abort(int number) {
        if (attempt != null && attempt.number() == number && !hung) {
            attempt = null;
        }
    }

    void pause(int number) {
        if (attempt != null && attempt.number() == number && !hung) {
            pauseRequested = true;
        }
    }

    void fail(Problem why) {
        phase = WorkerPhase.FAILED;
        problem = why;
    }

    boolean trains(ClaimedAttempt wanted) {
        return hasEngine()
                && !hung
                && attempt != null
                && attempt.number() == wanted.number()
                && phase == WorkerPhase.RUNNING;
    }

    @Override
    public String toString() {
        return "pod %d-%d on %s %s%s%s%s%s attempt %s %s step %d"
                .formatted(
                        slot,
                        incarnation,
                        node,
                        state,
                        hung ? " hung" : "",
                        linkDown ? " linkDown" : "",
                        drainedAt != null ? " drained" : "",
                        releasedAt != null ? " released" : "",
                        attempt == null ? "-" : attempt.number(),
                        phase,
                        step);
    }
}
