package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.drive.EdgeTraffic;
import dev.pipelinejob.operator.drive.StatusComposer;
import dev.pipelinejob.operator.drive.StatusComposer.Facts;
import dev.pipelinejob.operator.lifecycle.AttemptReport;
import dev.pipelinejob.operator.lifecycle.EngineState;
import dev.pipelinejob.operator.lifecycle.Presence;
import dev.pipelinejob.operator.lifecycle.Seat;
import dev.pipelinejob.operator.lifecycle.SlotView;
import dev.pipelinejob.operator.monitor.WorkerReport;
import dev.pipelinejob.operator.planning.AttemptRecord;
import dev.pipelinejob.operator.planning.PlanningOutcome;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One round's facts as what stands in `status.json`.
final class LocalStatusComposer {
    /// A file has no generations: it is read once.
    private static final long GENERATION = 1;

    private final StatusComposer status = new StatusComposer(null);
    private final Path model;
    private final long driverPid;

    LocalStatusComposer(Path model, long driverPid) {
        this.model = model;
        this.driverPid = driverPid;
    }

    /// @param now when, for conditions that change
    LocalStatus compose(Facts facts, Instant now) {
        String modelUri = Files.exists(model) ? model.toUri().toString() : null;
        return new LocalStatus(
                status.compose(facts, GENERATION, modelUri, now),
                facts.round().sentence(),
                workers(facts),
                edges(facts),
                facts.recoveries(),
                driverPid);
    }

    private static List<LocalStatus.Worker> workers(Facts facts) {
        List<LocalStatus.Worker> workers = new ArrayList<>();
        for (SlotView slot : facts.seen().slots()) {
            workers.add(worker(slot, facts));
        }
        return workers;
    }

    private static LocalStatus.Worker worker(SlotView slot, Facts facts) {
        WorkerReport report = facts.roster().report(slot.slot());
        AttemptRecord newest = facts.attempt();
        int rank = newest == null
                ? -1
                : newest.seats().stream()
                        .filter(seat -> seat.slot() == slot.slot())
                        .mapToInt(Seat::rank)
                        .findFirst()
                        .orElse(-1);
        AttemptReport attempt = slot.report();
        // What a process that is gone last said of itself does not hold any more.
        boolean alive = slot.presence() instanceof Presence.Up;
        EngineState.Up engine = alive && slot.engine() instanceof EngineState.Up up ? up : null;
        return new LocalStatus.Worker(
                rank,
                slot.slot(),
                report == null ? 0 : report.worker().incarnation(),
                newest == null || rank < 0 ? List.of() : stages(newest.plan(), rank),
                engine == null ? 0 : engine.pid(),
                report == null || !alive ? 0 : report.supervisorPid(),
                engine != null && engine.standbyReady(),
                attempt == null ? 0 : attempt.attempt(),
                alive ? state(slot, attempt) : ended(slot.presence()),
                attempt == null ? 0 : attempt.step());
    }

    private static List<EdgeTraffic.Edge> edges(Facts facts) {
        PlanningOutcome.Planned plan = facts.attemptPlan();
        return plan == null
                ? List.of()
                : facts.training().traffic().beside(plan.executable().operations());
    }

    private static List<Integer> stages(Plan plan, int rank) {
        return plan.stagesOf(rank).stream().map(Stage::index).toList();
    }

    private static String state(SlotView slot, @Nullable AttemptReport attempt) {
        if (slot.engine() instanceof EngineState.Down) {
            return "Starting";
        }
        return attempt == null
                ? "Idle"
                : attempt.phase().name().charAt(0)
                        + attempt.phase().name().substring(1).toLowerCase(Locale.ROOT);
    }

    private static String ended(Presence presence) {
        return switch (presence) {
            case Presence.Starting _, Presence.Up _ -> "Starting";
            case Presence.Absent _, Presence.Gone _ -> "Ended";
        };
    }
}
