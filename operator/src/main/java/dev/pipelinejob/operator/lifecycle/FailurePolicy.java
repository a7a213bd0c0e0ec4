package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.util.List;

/// When to restart, how long to wait before it, and when to give up.
///
/// @param maxRestarts failures within `window` that are answered by a restart; one more fails the job
/// @param window how far back failures are counted
/// @param resetAfter so long without a failure, and all earlier failures are forgotten
/// @param backoffInitial the wait before the second restart in a row; each further one waits twice as long
/// @param backoffMax the longest such wait
/// @param recreate whether a restart replaces every worker, and not only what failed
/// @param rules what a worker's end means; the first that matches counts
/// @param unreachable so long a silent worker's edges must be dead too before its slot counts as lost
/// @param forceDelete so long a pod may take to end on a lost node before it is removed; zero = it never is
/// @param quarantine so long a node that lost a worker gets no new one; zero = it may at once
/// @param progressDeadline so long without a completed step, and the attempt counts as hung
public record FailurePolicy(
        int maxRestarts,
        Duration window,
        Duration resetAfter,
        Duration backoffInitial,
        Duration backoffMax,
        boolean recreate,
        List<FailureRule> rules,
        Duration unreachable,
        Duration forceDelete,
        Duration quarantine,
        Duration progressDeadline) {
    public FailurePolicy {
        if (maxRestarts < 0) {
            throw new IllegalArgumentException("maxRestarts is " + maxRestarts + " but must not be negative.");
        }
        Durations.requirePositive("window", window);
        Durations.requirePositive("resetAfter", resetAfter);
        Durations.requireNotNegative("backoffInitial", backoffInitial);
        Durations.requireNotNegative("backoffMax", backoffMax);
        Durations.requirePositive("unreachable", unreachable);
        Durations.requireNotNegative("forceDelete", forceDelete);
        Durations.requireNotNegative("quarantine", quarantine);
        Durations.requirePositive("progressDeadline", progressDeadline);
        rules = List.copyOf(rules);
    }
}
