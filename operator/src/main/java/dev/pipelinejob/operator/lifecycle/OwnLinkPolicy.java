package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// When more than half of all control streams are dead at once, the operator suspects its own network and believes no
/// dead stream for a while. A process that was seen to end is no matter of links and counts all the same.
final class OwnLinkPolicy {
    private OwnLinkPolicy() {}

    /// @param workers the workers to judge by
    static boolean suspectsItself(Observation seen, List<SlotView> workers, Alarm alarm) {
        List<SlotView> running = workers.stream()
                .filter(view -> view.presence() instanceof Presence.Up)
                .toList();
        List<Instant> deadSince = running.stream()
                .map(SlotView::session)
                .flatMap(session -> switch (session) {
                    case Session.Closed(Instant at) -> Stream.of(at);
                    case Session.Silent(Instant since) -> Stream.of(since);
                    case Session.Awaited _, Session.Connected _ -> Stream.<Instant>empty();
                })
                .sorted()
                .toList();
        if (deadSince.size() < 2 || deadSince.size() * 2 <= running.size()) {
            return false;
        }
        return !alarm.passed(
                deadSince.getLast(), seen.job().failurePolicy().unreachable(), "the operator's own network");
    }

    /// Whether the evidence is no more than dead links: a dead control stream, or an edge that may be dead because
    /// of a worker that is not heard now. What the cluster says of a node, it says without us.
    static boolean restsOnLinks(Observation seen, Finding finding, SlotView view) {
        boolean unheard = view.presence() instanceof Presence.Up
                && (view.session() instanceof Session.Closed || view.session() instanceof Session.Silent);
        boolean known = finding.cause() == Cause.NODE_LOST && seen.lost(finding.node()) != null;
        return finding.cause() == Cause.EDGE_LOST || (unheard && !known);
    }
}
