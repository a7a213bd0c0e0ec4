package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.util.List;

/// Pods that were told to end on a node that is lost: nobody there confirms it, so after a while they are removed.
/// What may still run is fenced: it can neither commit for its attempt nor talk to the next one.
final class LeftoverPolicy {
    private LeftoverPolicy() {}

    static List<Decision> decide(Observation seen, Alarm alarm) {
        Duration wait = seen.job().failurePolicy().forceDelete();
        if (wait.isZero()) {
            return List.of();
        }
        return seen.leftovers().stream()
                .filter(leftover -> seen.lost(leftover.node()) != null)
                .filter(leftover -> alarm.passed(
                        leftover.endingSince(), wait, "the end of a worker on the lost node " + leftover.node()))
                .<Decision>map(leftover -> new Decision.ForceDelete(
                        leftover.slot(),
                        leftover.incarnation(),
                        "node " + leftover.node() + " is lost and has not confirmed its end for " + wait.toSeconds()
                                + " s"))
                .toList();
    }
}
