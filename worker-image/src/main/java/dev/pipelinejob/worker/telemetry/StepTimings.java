package dev.pipelinejob.worker.telemetry;

import dev.pipelinejob.protocol.control.Trace;
import dev.pipelinejob.worker.schedule.Operation;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/// When each operation of the current step began and ended, and how long the compute thread worked for it.
///
/// Work is processor time, not elapsed time: workers that share the cores of one machine wait for each other's turns,
/// and the planner's simulation counts that sharing itself. All methods are for the compute thread.
public final class StepTimings {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final List<Operation> operations;
    private final long[] startNanos;
    private final long[] endNanos;
    private final long[] workNanos;
    private long stepStartNanos;
    private long stepStartUnixMicros;

    public StepTimings(List<Operation> operations) {
        this.operations = operations;
        this.startNanos = new long[operations.size()];
        this.endNanos = new long[operations.size()];
        this.workNanos = new long[operations.size()];
    }

    /// Begins a step; `unixMicros` is the wall clock now.
    public void beginStep(long unixMicros) {
        stepStartUnixMicros = unixMicros;
        stepStartNanos = System.nanoTime();
    }

    public void begin(int index) {
        startNanos[index] = System.nanoTime();
        workNanos[index] = -THREADS.getCurrentThreadCpuTime();
    }

    public void end(int index) {
        workNanos[index] += THREADS.getCurrentThreadCpuTime();
        endNanos[index] = System.nanoTime();
    }

    /// Microseconds from the step's begin until now.
    public long elapsedMicros() {
        return (System.nanoTime() - stepStartNanos) / 1000;
    }

    List<Operation> operations() {
        return operations;
    }

    long workNanos(int index) {
        return workNanos[index];
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
