package dev.pipelinejob.operator.drive;

import dev.pipelinejob.operator.lifecycle.AttemptReport;
import dev.pipelinejob.operator.lifecycle.ClaimedAttempt;
import dev.pipelinejob.operator.lifecycle.EngineState;
import dev.pipelinejob.operator.lifecycle.Fault;
import dev.pipelinejob.operator.lifecycle.Journal;
import dev.pipelinejob.operator.lifecycle.Observation;
import dev.pipelinejob.operator.lifecycle.Presence;
import dev.pipelinejob.operator.lifecycle.Session;
import dev.pipelinejob.operator.lifecycle.SlotView;
import dev.pipelinejob.operator.lifecycle.WorkerPhase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Watches each recovery pass its stations: seen, engines up, claimed, loaded, first step.
public final class Recoveries {
    private final List<Recovery> finished = new ArrayList<>();
    private @Nullable Recovery open;

    /// Looks at one round: what was seen, and what the lifecycle remembers after it.
    ///
    /// @return the recovery that just completed its first step, or null
    public @Nullable Recovery note(Observation seen, Journal journal, Instant now) {
        Fault fault = journal.open();
        Recovery current = open;
        if (fault != null && (current == null || current.claimedAt() != null)) {
            current = new Recovery(0, fault.detectedAt(), null, null, null, null);
        }
        if (current == null) {
            return null;
        }
        current = advance(current, seen, now);
        if (current.firstStepAt() == null) {
            open = current;
            return null;
        }
        open = null;
        finished.add(current);
        if (finished.size() > Journal.MAX_HISTORY) {
            finished.removeFirst();
        }
        return current;
    }

    private static Recovery advance(Recovery at, Observation seen, Instant now) {
        ClaimedAttempt newest =
                seen.attempts().isEmpty() ? null : seen.attempts().getLast();
        if (newest != null && !newest.claimedAt().isBefore(at.detectedAt())) {
            return claimed(at, newest, seen, now);
        }
        boolean enginesUp = !seen.slots().isEmpty() && seen.slots().stream().allMatch(Recoveries::hasEngine);
        return enginesUp && at.enginesUpAt() == null ? new Recovery(0, at.detectedAt(), now, null, null, null) : at;
    }

    /// What a process that is gone last said of its engine does not count.
    private static boolean hasEngine(SlotView slot) {
        return slot.presence() instanceof Presence.Up
                && slot.session() instanceof Session.Connected
                && slot.engine() instanceof EngineState.Up;
    }

    private static Recovery claimed(Recovery at, ClaimedAttempt newest, Observation seen, Instant now) {
        List<AttemptReport> reports = new ArrayList<>();
        for (SlotView slot : seen.slots()) {
            AttemptReport report = slot.report();
            if (report != null && report.attempt() == newest.number()) {
                reports.add(report);
            }
        }
        boolean stepped = reports.stream().anyMatch(report -> report.step() > newest.resumeStep());
        boolean ready = reports.size() == newest.seats().size()
                && reports.stream().noneMatch(report -> report.phase() == WorkerPhase.PREPARING);
        return new Recovery(
                newest.number(),
                at.detectedAt(),
                at.enginesUpAt() == null ? newest.claimedAt() : at.enginesUpAt(),
                newest.claimedAt(),
                at.readyAt() == null && (ready || stepped) ? now : at.readyAt(),
                at.firstStepAt() == null && stepped ? now : at.firstStepAt());
    }

    /// The last recoveries that are over, oldest first.
    public List<Recovery> finished() {
        return List.copyOf(finished);
    }
}
