package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Silence is no proof. A silent worker counts as lost when a neighbour says, for long enough and without having moved
/// on since, that its edge to it is dead. Only the operator's own link dead while the neighbours advance: nothing.
final class SilencePolicy {
    private final Observation seen;
    private final ClaimedAttempt attempt;
    private final Alarm alarm;

    SilencePolicy(Observation seen, ClaimedAttempt attempt, Alarm alarm) {
        this.seen = seen;
        this.attempt = attempt;
        this.alarm = alarm;
    }

    /// What a reporting neighbour's dead edges to `peer` prove; null when nothing, or not yet.
    @Nullable
    Finding find(Seat peer) {
        Duration limit = seen.job().failurePolicy().unreachable();
        for (Seat reporter : attempt.seats()) {
            SlotView view = seen.slot(reporter.slot());
            for (EdgeReport edge : view.edges()) {
                if (edge.attempt() == attempt.number()
                        && edge.peerRank() == peer.rank()
                        && !hasAdvanced(view.report(), edge)
                        && alarm.passed(edge.since(), limit, "rank " + peer.rank() + " to be reachable again")) {
                    return lost(peer, reporter);
                }
            }
        }
        return null;
    }

    private static boolean hasAdvanced(@Nullable AttemptReport report, EdgeReport edge) {
        return report != null
                && report.attempt() == edge.attempt()
                && report.stepAt().isAfter(edge.since());
    }

    private Finding lost(Seat peer, Seat reporter) {
        SlotView view = seen.slot(peer.slot());
        long seconds = seen.job().failurePolicy().unreachable().toSeconds();
        if (view.session() instanceof Session.Silent) {
            return Finding.of(
                            Cause.SLOT_LOST,
                            peer.slot(),
                            new Finding.Remedy.Worker(peer.incarnation()),
                            "Slot %d is silent, and slot %d has not reached it for %d s."
                                    .formatted(peer.slot(), reporter.slot(), seconds))
                    .onNode(view.presence().node());
        }
        return Finding.of(
                Cause.EDGE_LOST,
                Finding.NOBODY,
                new Finding.Remedy.Nothing(),
                "Slot %d has not reached slot %d for %d s.".formatted(reporter.slot(), peer.slot(), seconds));
    }
}
