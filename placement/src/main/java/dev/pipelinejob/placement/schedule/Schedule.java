package dev.pipelinejob.placement.schedule;

import java.util.List;

/// The operation lists of all workers: predicted, carried and executed as they stand here.
///
/// @param generatorVersion version of the generator that made them; see [ScheduleGenerator#GENERATOR_VERSION]
/// @param workers one entry a rank, in rank order
public record Schedule(int generatorVersion, List<WorkerOperations> workers) {
    public Schedule {
        workers = List.copyOf(workers);
    }
}
