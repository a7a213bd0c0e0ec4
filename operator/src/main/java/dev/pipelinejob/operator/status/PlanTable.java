package dev.pipelinejob.operator.status;

import dev.pipelinejob.operator.planning.PlanningOutcome;
import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.plan.Stage;
import dev.pipelinejob.placement.simulate.WorkerPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A plan as a table for people: one row a stage, and what is promised below it.
public final class PlanTable {
    private static final double MICROS_A_MILLI = 1e3;
    private static final double BYTES_A_MIB = 1 << 20;

    private final PlanningOutcome.Planned planned;

    /// @param planned the plan to show
    public PlanTable(PlanningOutcome.Planned planned) {
        this.planned = planned;
    }

    /// The table, line by line.
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(row("stage", "layers", "rank", "slot", "compute/micro-batch", "peak memory", "sends a step"));
        for (Stage stage : planned.plan().stages()) {
            lines.add(row(
                    Integer.toString(stage.index()),
                    layers(stage),
                    Integer.toString(stage.rank()),
                    planned.plan().slots().get(stage.rank()),
                    format("%.2f ms", computeMicros(stage) / MICROS_A_MILLI),
                    mebibytes(planned.simulation().peakMemoryBytes().get(stage.rank())),
                    mebibytes(sentBytes(stage.rank()))));
        }
        lines.add("");
        lines.add(format(
                "%s, %d micro-batches%s: predicted step %.2f ms, lower bound %.2f ms, slowest stage or link within %.1f %% of the best"
                        + " (%s), bubble %.0f %%",
                planned.plan().schedule().word(),
                planned.plan().microBatches(),
                planned.plan().rematerialize() ? ", re-materialized" : "",
                planned.figures().predictedStepMicros() / MICROS_A_MILLI,
                planned.figures().lowerBoundMicros() / MICROS_A_MILLI,
                planned.figures().gapPercent(),
                planned.figures().boundKind(),
                planned.simulation().bubbleFraction() * 100));
        String crossings = PlacementSentence.crossings(planned.figures().crossings());
        if (!crossings.isEmpty()) {
            lines.add(crossings);
        }
        lines.add(format(
                "Costs: %s. Solved in %d ms. Plan %s.",
                planned.figures().profiled() ? "Profiled" : "Estimated",
                planned.figures().solveMillis(),
                planned.reference().digest()));
        return lines;
    }

    private static String row(String... cells) {
        return format(
                        "%-6s %-22s %-5s %-16s %20s %12s %13s",
                        cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6])
                .stripTrailing();
    }

    private String layers(Stage stage) {
        List<Layer> layers = planned.graph().layers();
        String first = layers.get(stage.firstLayer()).name();
        String last = layers.get(stage.endLayer() - 1).name();
        return first.equals(last) ? first : first + " … " + last;
    }

    private double computeMicros(Stage stage) {
        double speed = planned.topology()
                .slot(planned.plan().slots().get(stage.rank()))
                .relativeSpeed();
        return planned.graph().layers().subList(stage.firstLayer(), stage.endLayer()).stream()
                        .mapToDouble(layer -> layer.forwardMicros() + layer.backwardMicros())
                        .sum()
                / speed;
    }

    private long sentBytes(int rank) {
        return planned.simulation().bytesPerStep().entrySet().stream()
                .filter(entry -> from(entry.getKey()) == rank)
                .mapToLong(entry -> entry.getValue())
                .sum();
    }

    private static int from(WorkerPair pair) {
        return pair.from();
    }

    private static String mebibytes(long bytes) {
        return format("%.1f MiB", bytes / BYTES_A_MIB);
    }

    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
