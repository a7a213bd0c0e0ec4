package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// When more than half of all control streams are dead at once, the operator suspects its own network and believes no
/// dead stream for a while. A process that was seen to end is no matter of links and counts all the same.
final class OwnLinkPolicy {
    private OwnLinkPolicy() {}

    static boolean suspectsItself(Observation seen, ClaimedAttempt attempt, Alarm alarm) {
        List<SlotView> seated = attempt.seats().stream()
                .map(seat -> seen.slot(seat.slot()))
                .filter(view -> view.presence() instanceof Presence.Up)
                .toList();
        List<Instant> deadSince = seated.stream()
                .map(SlotView::session)
                .flatMap(session -> switch (session) {
                    case Session.Closed(Instant at) -> Stream.of(at);
                    case Session.Silent(Instant since) -> Stream.of(since);
                    case Session.Awaited _, Session.Connected _ -> Stream.<Instant>empty();
                })
                .sorted()
                .toList();
        if (deadSince.size() < 2 || deadSince.size() * 2 <= seated.size()) {
            return false;
        }
        return !alarm.passed(
                deadSince.getLast(), seen.job().failurePolicy().unreachable(), "the operator's own network");
    }

    /// Whether the evidence of a dead worker is no more than a dead control stream.
    static boolean restsOnLink(Finding finding, SlotView view) {
        return finding.cause() != Cause.NODE_LOST
                && view.presence() instanceof Presence.Up
                && (view.session() instanceof Session.Closed || view.session() instanceof Session.Silent);
    }
}
