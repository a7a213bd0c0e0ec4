package dev.pipelinejob.operator.planning;

import dev.pipelinejob.placement.draw.TimelineDrawing;
import dev.pipelinejob.placement.schedule.OperationKind;
import dev.pipelinejob.placement.simulate.Span;
import dev.pipelinejob.protocol.plan.Operation;
import dev.pipelinejob.protocol.plan.OperationLists;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One step as it was predicted and as it was measured, for the picture of both.
///
/// @param job the job's name
/// @param attempt the attempt that the measured step belongs to
/// @param step the measured step; 0 when none was measured
/// @param schedule the schedule's name
/// @param predictedStepMicros what the plan promised of a step
/// @param measuredStepMicros how long the measured step took over all workers; 0 when none was measured
/// @param predicted the simulator's spans
/// @param measured the workers' spans from the beginning of the step
public record Timeline(
        String job,
        int attempt,
        int step,
        String schedule,
        long predictedStepMicros,
        long measuredStepMicros,
        List<Span> predicted,
        List<Span> measured) {
    public Timeline {
        predicted = List.copyOf(predicted);
        measured = List.copyOf(measured);
    }

    /// When each operation of one worker's list ran.
    ///
    /// @param rank the worker
    /// @param startUnixMicros the worker's clock at its origin
    /// @param startMicros since the origin, in list order
    /// @param endMicros since the origin, in list order
    public record RankTrace(int rank, long startUnixMicros, List<Long> startMicros, List<Long> endMicros) {
        public RankTrace {
            startMicros = List.copyOf(startMicros);
            endMicros = List.copyOf(endMicros);
            if (startMicros.size() != endMicros.size()) {
                throw new IllegalArgumentException("Rank " + rank + " sent " + startMicros.size() + " starts and "
                        + endMicros.size() + " ends: each operation has one of both.");
            }
        }
    }

    /// Joins the prediction of a plan with what its workers measured of one step.
    ///
    /// @param traces of the ranks that sent any; workers' clocks are taken as equal
    public static Timeline of(
            String job, PlanningOutcome.Planned planned, int attempt, int step, List<RankTrace> traces) {
        long origin = traces.stream().mapToLong(Timeline::firstStart).min().orElse(0);
        List<Span> measured = new ArrayList<>();
        for (RankTrace trace : traces) {
            measured.addAll(spans(trace, planned.executable().operations(trace.rank()), origin));
        }
        double end = measured.stream().mapToDouble(Span::endMicros).max().orElse(0);
        return new Timeline(
                job,
                attempt,
                traces.isEmpty() ? 0 : step,
                planned.plan().schedule().word(),
                Math.round(planned.figures().predictedStepMicros()),
                Math.round(end),
                planned.simulated().timeline(),
                measured);
    }

    private static long firstStart(RankTrace trace) {
        return trace.startUnixMicros()
                + trace.startMicros().stream().mapToLong(Long::longValue).min().orElse(0);
    }

    private static List<Span> spans(RankTrace trace, OperationLists lists, long originUnixMicros) {
        List<Operation> operations = new ArrayList<>(lists.getStepList());
        operations.addAll(lists.getCheckpointList());
        int count = Math.min(operations.size(), trace.startMicros().size());
        double offset = trace.startUnixMicros() - originUnixMicros;
        List<Span> spans = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            Operation operation = operations.get(index);
            spans.add(new Span(
                    trace.rank(),
                    OperationKind.valueOf(operation.getKind().name()),
                    operation.getStage(),
                    operation.getMicroBatch(),
                    offset + trace.startMicros().get(index),
                    offset + trace.endMicros().get(index)));
        }
        return spans;
    }

    /// The picture as an SVG document.
    public String svg() {
        String title = step == 0
                ? String.format(
                        Locale.ROOT, "%s, %s: predicted %.1f ms a step", job, schedule, predictedStepMicros / 1e3)
                : String.format(
                        Locale.ROOT,
                        "%s, %s, attempt %d: predicted %.1f ms a step, measured %.1f ms in step %d",
                        job,
                        schedule,
                        attempt,
                        predictedStepMicros / 1e3,
                        measuredStepMicros / 1e3,
                        step);
        return TimelineDrawing.svg(title, predicted, measured);
    }
}
