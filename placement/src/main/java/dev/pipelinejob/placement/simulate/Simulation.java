package dev.pipelinejob.placement.simulate;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the simulator predicts for a plan.
///
/// @param stepMicros time of one step that starts with idle workers
/// @param steadyStepMicros time from the end of one step to the end of the next, once steps follow each other
/// @param bubbleFraction part of the first step in which workers do not compute
/// @param peakMemoryBytes the highest memory use of each worker, in rank order
/// @param bytesPerStep payload bytes that each worker sends to each other worker in one step
/// @param timeline every operation of the first step, ordered by rank and start
public record Simulation(
        double stepMicros,
        double steadyStepMicros,
        double bubbleFraction,
        List<Long> peakMemoryBytes,
        SortedMap<WorkerPair, Long> bytesPerStep,
        List<Span> timeline) {
    public Simulation {
        peakMemoryBytes = List.copyOf(peakMemoryBytes);
        bytesPerStep = Collections.unmodifiableSortedMap(new TreeMap<>(bytesPerStep));
        timeline = List.copyOf(timeline);
    }
}
