package dev.pipelinejob.worker.telemetry;

import dev.pipelinejob.protocol.control.Trace;
import dev.pipelinejob.worker.schedule.Operation;
import java.util.List;

/// When each operation of the current step began and ended.
public final class StepTimings {
    private final List<Operation> operations;
    private final long[] startNanos;
    private final long[] endNanos;
    private long stepStartNanos;
    private long stepStartUnixMicros;

    public StepTimings(List<Operation> operations) {
        this.operations = operations;
        this.startNanos = new long[operations.size()];
        this.endNanos = new long[operations.size()];
    }

    /// Begins a step; `unixMicros` is the wall clock now.
    public void beginStep(long unixMicros) {
        stepStartUnixMicros = unixMicros;
        stepStartNanos = System.nanoTime();
    }

    public void begin(int index) {
        startNanos[index] = System.nanoTime();
    }

    public void end(int index) {
        endNanos[index] = System.nanoTime();
    }

    /// Microseconds from the step's begin until now.
    public long elapsedMicros() {
        return (System.nanoTime() - stepStartNanos) / 1000;
    }

    List<Operation> operations() {
        return operations;
    }

    long durationNanos(int index) {
        return endNanos[index] - startNanos[index];
    }

    /// The step as a message, for the picture of predicted against measured.
    public Trace trace(int attempt, int step, int rank) {
        Trace.Builder trace = Trace.newBuilder()
                .setAttempt(attempt)
                .setStep(step)
                .setRank(rank)
                .setStartUnixMicros(stepStartUnixMicros);
        for (int i = 0; i < startNanos.length; i++) {
            trace.addStartMicros((startNanos[i] - stepStartNanos) / 1000);
            trace.addEndMicros((endNanos[i] - stepStartNanos) / 1000);
        }
        return trace.build();
    }
}
