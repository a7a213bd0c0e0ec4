package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of a slot's pod, or of its supervisor process.
public sealed interface Presence {
    /// What a slot's node is called when the driver knows no nodes.
    String NO_NODE = "";
    /// The incarnation of a slot that has none.
    int NO_INCARNATION = 0;

    /// The n-th of this slot, from 1; {@link #NO_INCARNATION} when it is absent.
    int incarnation();

    /// The node that it is on, or is meant for; {@link #NO_NODE} when it is absent or the driver knows no nodes.
    String node();

    /// Never started, or shut down on request.
    record Absent() implements Presence {
        @Override
        public int incarnation() {
            return NO_INCARNATION;
        }

        @Override
        public String node() {
            return NO_NODE;
        }
    }

    /// Asked for, but not seen running yet.
    ///
    /// @param incarnation the n-th of this slot, from 1
    /// @param since when it was asked for
    /// @param node the node that it is meant for
    /// @param blocked what keeps it from running; null when nothing is known to
    record Starting(
            int incarnation,
            Instant since,
            String node,
            @Nullable Blocked blocked) implements Presence {
        public Starting(int incarnation, Instant since) {
            this(incarnation, since, NO_NODE, null);
        }
    }

    /// It runs.
    ///
    /// @param incarnation the n-th of this slot, from 1
    /// @param since when it was seen running first
    /// @param node the node that it is on
    /// @param leaving why it will end soon; null when nobody has asked for that
    record Up(
            int incarnation,
            Instant since,
            String node,
            @Nullable Drain leaving) implements Presence {
        public Up(int incarnation, Instant since) {
            this(incarnation, since, NO_NODE, null);
        }
    }

    /// It ended.
    ///
    /// @param incarnation the n-th of this slot, from 1
    /// @param exitCode its exit code; 128 + signal when a signal ended it
    /// @param signal the signal that ended it; 0 when none did
    /// @param reason in words, for the history; {@link #OUT_OF_MEMORY} as the kubelet says it
    /// @param disruption whether somebody else took it away (eviction, preemption, node shutdown, a deletion), so
    ///     that the user's restart budget is not charged
    /// @param node the node that it was on
    /// @param conditions the pod's, for the user's rules; empty for a process
    /// @param lastLog the last lines that it wrote; empty when they are not known
    record Gone(
            int incarnation,
            int exitCode,
            int signal,
            String reason,
            boolean disruption,
            String node,
            List<PodCondition> conditions,
            String lastLog)
            implements Presence {
        /// The kubelet's word for a container that the kernel killed for its memory.
        public static final String OUT_OF_MEMORY = "OOMKilled";

        public Gone {
            conditions = List.copyOf(conditions);
        }

        public Gone(int incarnation, int exitCode, int signal, String reason, boolean disruption) {
            this(incarnation, exitCode, signal, reason, disruption, NO_NODE, List.of(), "");
        }
    }

    /// What keeps a pod from running.
    ///
    /// @param since since when
    /// @param reason the cluster's word, such as Unschedulable or ErrImagePull
    /// @param message the cluster's sentence
    /// @param kind what may help
    record Blocked(Instant since, String reason, String message, Kind kind) {
        /// What may help against it.
        public enum Kind {
            /// Its node has no room for it now: another plan, later.
            NO_ROOM,
            /// The scheduler refuses its node for a reason that lasts: another node.
            UNSUITABLE_NODE,
            /// Something that time or the user may mend, such as an image.
            OTHER
        }
    }

    /// One condition of a pod.
    ///
    /// @param type such as DisruptionTarget
    /// @param status True, False or Unknown
    /// @param reason the cluster's word
    record PodCondition(String type, String status, String reason) {}
}
