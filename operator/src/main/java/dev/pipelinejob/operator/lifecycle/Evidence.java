package dev.pipelinejob.operator.lifecycle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Asks every policy of detection and hands back what is newly wrong, the strongest cause first. While an attempt goes
/// on, its seats are looked at; the slots outside it, and all of them once it is over, only by their processes.
final class Evidence {
    private static final Comparator<Finding> STRONGEST_FIRST =
            Comparator.comparing(Finding::cause).thenComparing(Finding::slot);

    private final Observation seen;
    private final Journal journal;
    private final Alarm alarm;
    private final ProcessPolicy processes;

    Evidence(Observation seen, Journal journal, Alarm alarm) {
        this.seen = seen;
        this.journal = journal;
        this.alarm = alarm;
        this.processes = new ProcessPolicy(seen, alarm);
    }

    /// What is newly wrong.
    ///
    /// @param inAttempt what ends the attempt
    /// @param awaited what keeps the next attempt waiting
    /// @param spares what concerns workers that nobody waits for
    record Found(List<Finding> inAttempt, List<Finding> awaited, List<Finding> spares) {}

    Found gather() {
        ClaimedAttempt attempt = journal.open() == null ? seen.newestAttempt() : null;
        List<Finding> inAttempt = attempt == null ? List.of() : ofAttempt(attempt);
        boolean doubtful = OwnLinkPolicy.suspectsItself(seen, seen.slots(), alarm);
        Places places = new Places(seen, journal);
        Set<Integer> seated = attempt == null
                ? Set.of()
                : attempt.seats().stream().map(Seat::slot).collect(Collectors.toSet());
        List<Finding> awaited = new ArrayList<>();
        List<Finding> spares = new ArrayList<>();
        for (SlotView view : seen.slots()) {
            if (!seated.contains(view.slot())) {
                Finding finding = attempt == null ? awaited(view, doubtful) : spare(view, attempt);
                if (finding != null && !isHandled(finding)) {
                    (attempt != null || places.isSpare(view.slot()) ? spares : awaited).add(finding);
                }
            }
        }
        return new Found(sorted(inAttempt), sorted(awaited), sorted(spares));
    }

    /// A worker that the next attempt waits for.
    private @Nullable Finding awaited(SlotView view, boolean doubtful) {
        Finding finding = processes.findOutsideAttempt(view);
        return finding != null || doubtful ? finding : processes.findSilent(view);
    }

    /// A worker that does not start while the others train has nobody waiting for it but itself.
    private @Nullable Finding spare(SlotView view, ClaimedAttempt attempt) {
        return Stream.<Supplier<@Nullable Finding>>of(
                        () -> processes.findOutsideAttempt(view),
                        () -> new SilencePolicy(seen, attempt, alarm).findOutside(view),
                        () -> new GangPolicy(seen, journal, alarm).stuck(view))
                .map(Supplier::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static List<Finding> sorted(List<Finding> findings) {
        return findings.stream().distinct().sorted(STRONGEST_FIRST).toList();
    }

    private List<Finding> ofAttempt(ClaimedAttempt attempt) {
        List<SlotView> seated =
                attempt.seats().stream().map(seat -> seen.slot(seat.slot())).toList();
        boolean doubtful = OwnLinkPolicy.suspectsItself(seen, seated, alarm);
        SilencePolicy silence = new SilencePolicy(seen, attempt, alarm);
        AttemptPolicy seats = new AttemptPolicy(seen, attempt, processes, silence, alarm);
        List<Finding> findings = new ArrayList<>();
        for (Seat seat : attempt.seats()) {
            SlotView view = seen.slot(seat.slot());
            Finding finding = firstOf(seats.find(seat, view), silence.find(seat));
            if (finding != null && !(doubtful && OwnLinkPolicy.restsOnLinks(seen, finding, view))) {
                findings.add(finding);
            }
        }
        if (findings.stream().anyMatch(finding -> finding.cause() != Cause.EDGE_LOST)) {
            findings.removeIf(finding -> finding.cause() == Cause.EDGE_LOST);
        }
        if (findings.isEmpty() && !doubtful) {
            findings.addAll(new ProgressPolicy(seen, attempt, alarm).find());
        }
        return findings;
    }

    private static @Nullable Finding firstOf(@Nullable Finding first, @Nullable Finding second) {
        return first != null ? first : second;
    }

    private boolean isHandled(Finding finding) {
        WorkerMemory workers = journal.workers();
        return switch (finding.remedy()) {
            case Finding.Remedy.Nothing _ -> false;
            case Finding.Remedy.Engine(int incarnation, long pid) ->
                workers.isHandled(finding.slot(), incarnation, pid)
                        || workers.isWorkerHandled(finding.slot(), incarnation);
            case Finding.Remedy.Worker(int incarnation) -> workers.isWorkerHandled(finding.slot(), incarnation);
        };
    }
}
