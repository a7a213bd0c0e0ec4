package dev.pipelinejob.operator.status;

import dev.pipelinejob.operator.planning.PlanFigures;
import dev.pipelinejob.operator.planning.PlanningOutcome;
import dev.pipelinejob.placement.simulate.Crossing;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A placement in words: what is promised of it, by which costs, and what it sends over which links.
final class PlacementSentence {
    private static final double MICROS_A_MILLI = 1e3;
    private static final double BYTES_A_KIB = 1 << 10;
    private static final double BYTES_A_MIB = 1 << 20;

    private PlacementSentence() {}

    /// For a condition; it goes on after the number of workers.
    static String of(PlanningOutcome.Planned plan) {
        PlanFigures figures = plan.figures();
        String links = crossings(figures.crossings());
        return format(
                        "a step of %.2f ms predicted with %s costs, lower bound %.2f ms, slowest stage or link within %.1f %%"
                                + " of the best (%s).",
                        figures.predictedStepMicros() / MICROS_A_MILLI,
                        figures.profiled() ? "measured" : "estimated",
                        figures.lowerBoundMicros() / MICROS_A_MILLI,
                        figures.gapPercent(),
                        figures.boundKind())
                + (links.isEmpty() ? "" : " " + links)
                + (isDescribed(plan) || links.isEmpty()
                        ? ""
                        : " All nodes count as equally near: no topology is named.");
    }

    /// Coarse to fine; empty when all is on one machine.
    static String crossings(List<Crossing> crossings) {
        return crossings.isEmpty()
                ? ""
                : crossings.stream()
                        .map(PlacementSentence::crossing)
                        .collect(Collectors.joining(", ", "Crossings a step: ", "."));
    }

    private static String crossing(Crossing crossing) {
        return crossing.pairs() == 0
                ? crossing.level() + " none"
                : format(
                        "%s %d %s (%s)",
                        crossing.level(),
                        crossing.pairs(),
                        crossing.pairs() == 1 ? "pair" : "pairs",
                        bytes(crossing.bytesPerStep()));
    }

    private static String bytes(long bytes) {
        return bytes < BYTES_A_MIB ? format("%.1f KiB", bytes / BYTES_A_KIB) : format("%.1f MiB", bytes / BYTES_A_MIB);
    }

    private static boolean isDescribed(PlanningOutcome.Planned plan) {
        return plan.topology().domains().stream()
                .anyMatch(domain -> domain.uplinkBytesPerSecond() < Double.POSITIVE_INFINITY);
    }

    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
