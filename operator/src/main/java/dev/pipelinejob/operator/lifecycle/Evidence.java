package dev.pipelinejob.operator.lifecycle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
    /// @param beside what concerns workers that no running attempt needs
    record Found(List<Finding> inAttempt, List<Finding> beside) {}

    Found gather() {
        ClaimedAttempt attempt = journal.open() == null ? seen.newestAttempt() : null;
        List<Finding> inAttempt = attempt == null ? List.of() : ofAttempt(attempt);
        List<Finding> beside = new ArrayList<>();
        for (SlotView view : seen.slots()) {
            if (attempt == null || attempt.seats().stream().noneMatch(seat -> seat.slot() == view.slot())) {
                Finding finding = ofSlot(view, attempt != null);
                if (finding != null && !isHandled(finding)) {
                    beside.add(finding);
                }
            }
        }
        return new Found(sorted(inAttempt), sorted(beside));
    }

    /// A worker that does not start while the others train has nobody waiting for it but itself.
    private @Nullable Finding ofSlot(SlotView view, boolean othersTrain) {
        Finding finding = processes.findOutsideAttempt(view);
        return finding == null && othersTrain ? new GangPolicy(seen, journal, alarm).stuck(view) : finding;
    }

    private static List<Finding> sorted(List<Finding> findings) {
        return findings.stream().distinct().sorted(STRONGEST_FIRST).toList();
    }

    private List<Finding> ofAttempt(ClaimedAttempt attempt) {
        boolean doubtful = OwnLinkPolicy.suspectsItself(seen, attempt, alarm);
        AttemptPolicy seats = new AttemptPolicy(seen, attempt, processes, alarm);
        SilencePolicy silence = new SilencePolicy(seen, attempt, alarm);
        List<Finding> findings = new ArrayList<>();
        for (Seat seat : attempt.seats()) {
            SlotView view = seen.slot(seat.slot());
            Finding finding = firstOf(seats.find(seat, view), silence.find(seat));
            if (finding != null && !(doubtful && OwnLinkPolicy.restsOnLink(finding, view))) {
                findings.add(finding);
            }
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
