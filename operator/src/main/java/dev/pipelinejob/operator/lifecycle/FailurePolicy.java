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
/// @param rules the exit codes that fail the job at once
/// @param unreachable so long a silent worker's edges must be dead too before its slot counts as lost
/// @param progressDeadline so long without a completed step, and the attempt counts as hung
public record FailurePolicy(
        int maxRestarts,
        Duration window,
        Duration resetAfter,
        Duration backoffInitial,
        Duration backoffMax,
        List<ExitCodeRule> rules,
        Duration unreachable,
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
        Durations.requirePositive("progressDeadline", progressDeadline);
        rules = List.copyOf(rules);
    }

    /// Fails the job when an engine process ends with one of the exit codes (`in`), or with any other but zero.
    ///
    /// @param name for the message
    /// @param in whether `values` are the codes that match, or the codes that do not
    /// @param values exit codes
    public record ExitCodeRule(String name, boolean in, List<Integer> values) {
        public ExitCodeRule {
            values = List.copyOf(values);
        }

        boolean matches(int exitCode) {
            return exitCode != 0 && values.contains(exitCode) == in;
        }
    }
}
