package dev.pipelinejob.operator.lifecycle;

import java.util.List;

/// What the end of an engine process, a container or a pod means to the user.
///
/// @param name for the message
/// @param action what follows when it matches
/// @param match which ends it is about
public record FailureRule(String name, Action action, Match match) {
    /// What follows.
    public enum Action {
        /// The job fails at once.
        FAIL_JOB,
        /// A restart that does not count against the budget.
        IGNORE,
        /// A restart that counts, whatever later rules say.
        COUNT
    }

    /// Which ends a rule is about.
    public sealed interface Match {
        /// An exit code other than zero, among `values` (`in`) or not among them.
        record ExitCodes(boolean in, List<Integer> values) implements Match {
            public ExitCodes {
                values = List.copyOf(values);
            }
        }

        /// An end by one of these signals.
        record Signals(List<Integer> values) implements Match {
            public Signals {
                values = List.copyOf(values);
            }
        }

        /// A pod that has one of these conditions, by type and status.
        record PodConditions(List<TypeAndStatus> conditions) implements Match {
            public PodConditions {
                conditions = List.copyOf(conditions);
            }
        }
    }

    /// A condition as a rule names it.
    public record TypeAndStatus(String type, String status) {}

    /// Whether it is about this end.
    ///
    /// @param exitCode of the process or container
    /// @param signal that ended it; 0 when none did
    /// @param conditions the pod's; empty when its pod goes on
    boolean matches(int exitCode, int signal, List<Presence.PodCondition> conditions) {
        return switch (match) {
            case Match.ExitCodes codes -> exitCode != 0 && codes.values().contains(exitCode) == codes.in();
            case Match.Signals signals -> signals.values().contains(signal);
            case Match.PodConditions wanted ->
                conditions.stream()
                        .map(condition -> new TypeAndStatus(condition.type(), condition.status()))
                        .anyMatch(wanted.conditions()::contains);
        };
    }
}
