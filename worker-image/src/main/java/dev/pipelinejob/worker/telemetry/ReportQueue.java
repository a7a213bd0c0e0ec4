package dev.pipelinejob.worker.telemetry;

import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.engine.FromEngine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Reports on their way out. Adding never blocks: when {@link #MAXIMUM_WAITING} wait, the oldest of those that a later
/// one makes up for (progress, traces) is dropped. All others come at most a few times an attempt.
public final class ReportQueue {
    static final int MAXIMUM_WAITING = 256;

    private final Deque<FromEngine> waiting = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();

    public void add(WorkerMessage report) {
        add(FromEngine.newBuilder().setWorker(report).build());
    }

    public void add(FromEngine report) {
        lock.lock();
        try {
            if (waiting.size() >= MAXIMUM_WAITING) {
                dropOldest();
            }
            waiting.add(report);
            added.signal();
        } finally {
            lock.unlock();
        }
    }

    private void dropOldest() {
        for (Iterator<FromEngine> oldest = waiting.iterator(); oldest.hasNext(); ) {
            WorkerMessage report = oldest.next().getWorker();
            if (report.hasProgress() || report.hasTrace()) {
                oldest.remove();
                return;
            }
        }
    }

    /// Waits for the next report.
    public FromEngine take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty()) {
                added.await();
            }
            return waiting.remove();
        } finally {
            lock.unlock();
        }
    }
}
