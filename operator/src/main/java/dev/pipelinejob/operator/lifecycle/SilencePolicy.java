package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Silence is no proof. A worker that was not heard for long enough counts as lost when a neighbour says, and has not
/// moved on since, that its edge to it is dead; with it the node, when nothing is heard of any worker there. Only the
/// operator's own link dead while the neighbours advance: nothing.
final class SilencePolicy {
    private final Observation seen;
    private final ClaimedAttempt attempt;
    private final Alarm alarm;
    private final Duration limit;
    /// Who accuses a rank, in the order of ranks.
    private final Map<Integer, List<Accusation>> byPeer = new HashMap<>();
    /// The seats of which nothing is heard.
    private final List<Seat> silent = new ArrayList<>();
    /// The nodes of which something is.
    private final Set<String> heard = new HashSet<>();

    private record Accusation(Seat reporter, EdgeReport edge) {}

    SilencePolicy(Observation seen, ClaimedAttempt attempt, Alarm alarm) {
        this.seen = seen;
        this.attempt = attempt;
        this.alarm = alarm;
        this.limit = seen.job().failurePolicy().unreachable();
        for (Seat seat : attempt.seats()) {
            SlotView view = seen.slot(seat.slot());
            for (EdgeReport edge : accusations(view)) {
                byPeer.computeIfAbsent(edge.peerRank(), _ -> new ArrayList<>()).add(new Accusation(seat, edge));
            }
            if (silentSince(view) != null) {
                silent.add(seat);
            }
        }
        for (SlotView view : seen.slots()) {
            if (view.presence() instanceof Presence.Up && silentSince(view) == null) {
                heard.add(view.presence().node());
            }
        }
    }

    /// What is proved of a seat; null when nothing, or not yet.
    @Nullable
    Finding find(Seat seat) {
        SlotView view = seen.slot(seat.slot());
        if (silentSince(view) == null) {
            return unreached(seat);
        }
        Seat proved = isLost(seat) ? seat : lostBeside(view);
        return proved == null ? null : lost(view, proved);
    }

    /// The same for a worker outside the attempt: it is lost with its node.
    @Nullable
    Finding findOutside(SlotView view) {
        Seat proved = silentSince(view) == null ? null : lostBeside(view);
        return proved == null ? null : lost(view, proved);
    }

    /// Whether a worker that lost a peer has to wait for what becomes of somebody who is silent: of a peer that it or
    /// others accuse, and of anybody while it accuses nobody.
    boolean isUndecided(SlotView reporter) {
        boolean accusesNobody = accusations(reporter).isEmpty();
        boolean undecided = false;
        for (Seat seat : silent) {
            Instant since = silentSince(seen.slot(seat.slot()));
            if (since != null
                    && (accusesNobody || accuser(seat) != null)
                    && !alarm.passed(since, limit, "slot " + seat.slot() + " to be heard again")) {
                undecided = true;
            }
        }
        return undecided;
    }

    /// Since when nothing is heard of a worker whose process is not known to have ended; null when it is heard.
    static @Nullable Instant silentSince(SlotView view) {
        if (!(view.presence() instanceof Presence.Up up)) {
            return null;
        }
        return switch (view.session()) {
            case Session.Connected _ -> null;
            case Session.Silent(Instant since) -> since;
            case Session.Closed(Instant at) -> at;
            case Session.Awaited(Instant since) -> since.isAfter(up.since()) ? since : up.since();
        };
    }

    private boolean isLost(Seat seat) {
        Instant since = silentSince(seen.slot(seat.slot()));
        return since != null
                && accuser(seat) != null
                && alarm.passed(since, limit, "slot " + seat.slot() + " to be heard again");
    }

    /// A seat that is lost on the node of a silent worker whose whole node is silent; null when there is none.
    private @Nullable Seat lostBeside(SlotView view) {
        String node = view.presence().node();
        if (!isSilent(node)) {
            return null;
        }
        return silent.stream()
                .filter(seat -> seen.slot(seat.slot()).presence().node().equals(node))
                .filter(this::isLost)
                .findFirst()
                .orElse(null);
    }

    private boolean isSilent(String node) {
        return !node.equals(Presence.NO_NODE) && !heard.contains(node);
    }

    /// Whether nothing is heard of any of the job's workers on a node.
    static boolean isSilent(Observation seen, String node) {
        return !node.equals(Presence.NO_NODE)
                && seen.slots().stream()
                        .filter(view -> view.presence() instanceof Presence.Up
                                && view.presence().node().equals(node))
                        .allMatch(view -> silentSince(view) != null);
    }

    /// Who says that it cannot reach a seat; null when nobody does.
    private @Nullable Seat accuser(Seat peer) {
        List<Accusation> accusations = byPeer.get(peer.rank());
        return accusations == null ? null : accusations.getFirst().reporter();
    }

    private List<EdgeReport> accusations(SlotView reporter) {
        if (reporter.edges().isEmpty()) {
            return List.of();
        }
        List<EdgeReport> standing = new ArrayList<>();
        for (EdgeReport edge : reporter.edges()) {
            if (edge.attempt() == attempt.number() && !hasAdvanced(reporter.report(), edge)) {
                standing.add(edge);
            }
        }
        return standing;
    }

    private static boolean hasAdvanced(@Nullable AttemptReport report, EdgeReport edge) {
        return report != null
                && report.attempt() == edge.attempt()
                && report.stepAt().isAfter(edge.since());
    }

    /// A worker that is heard and that a neighbour does not reach: the edge between them is dead.
    private @Nullable Finding unreached(Seat seat) {
        for (Accusation accusation : byPeer.getOrDefault(seat.rank(), List.of())) {
            if (alarm.passed(accusation.edge().since(), limit, "rank " + seat.rank() + " to be reachable again")) {
                SlotView view = seen.slot(seat.slot());
                String sentence = "Slot %d has not reached slot %d for %d s."
                        .formatted(accusation.reporter().slot(), seat.slot(), limit.toSeconds());
                return Workers.answers(view)
                        ? Finding.of(Cause.EDGE_LOST, Finding.NOBODY, new Finding.Remedy.Nothing(), sentence)
                        : ProgressPolicy.hangs(view, seat, sentence);
            }
        }
        return null;
    }

    private Finding lost(SlotView view, Seat proved) {
        String node = view.presence().node();
        Seat accuser = accuser(proved);
        String proof = "nothing was heard of %s for %d s, and slot %d does not reach slot %d either."
                .formatted(
                        isSilent(node) ? "it" : "slot " + view.slot(),
                        limit.toSeconds(),
                        accuser == null ? Finding.NOBODY : accuser.slot(),
                        proved.slot());
        return Finding.of(
                        isSilent(node) ? Cause.NODE_LOST : Cause.SLOT_LOST,
                        view.slot(),
                        new Finding.Remedy.Worker(view.presence().incarnation()),
                        isSilent(node)
                                ? "Node %s of slot %d is lost: %s".formatted(node, view.slot(), proof)
                                : "Slot %d is lost: %s".formatted(view.slot(), proof))
                .onNode(node);
    }
}
