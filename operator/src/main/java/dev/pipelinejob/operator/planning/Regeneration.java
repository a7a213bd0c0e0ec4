package dev.pipelinejob.operator.planning;

import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.operator.lifecycle.PlanReference;
import dev.pipelinejob.operator.lifecycle.Seat;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.schedule.ScheduleGenerator;
import dev.pipelinejob.placement.simulate.Simulation;
import dev.pipelinejob.placement.simulate.Simulator;
import dev.pipelinejob.placement.topology.Topology;
import java.util.List;

/// From the record of an attempt back to what its workers are told. Operation lists are not stored: they are made
/// again, and the digest says whether they are the same.
public final class Regeneration {
    private Regeneration() {}

    /// The plan of a recorded attempt, or why it cannot be made again.
    ///
    /// @param topology the slots that there are now
    public static PlanningOutcome of(AttemptRecord record, PipelineJobSpec spec, Topology topology) {
        if (record.version() != AttemptRecord.VERSION
                || record.generatorVersion() != ScheduleGenerator.GENERATOR_VERSION) {
            return new PlanningOutcome.Infeasible(
                    "Attempt %d was recorded in form %d by generator %d, but this operator has form %d and generator %d: it needs a new attempt."
                            .formatted(
                                    record.attempt(),
                                    record.version(),
                                    record.generatorVersion(),
                                    AttemptRecord.VERSION,
                                    ScheduleGenerator.GENERATOR_VERSION));
        }
        ModelGraph graph = ModelCosts.estimated(spec);
        List<String> offences = record.plan().check(graph, topology);
        if (!offences.isEmpty()) {
            return new PlanningOutcome.Infeasible(
                    "Attempt %d does not fit the job any more: %s".formatted(record.attempt(), offences.getFirst()));
        }
        ExecutablePlan executable = PlanTranslation.executable(graph, record.plan());
        if (!executable.digest().equals(record.digest())) {
            return new PlanningOutcome.Infeasible(
                    "Attempt %d has plan %s, but its operation lists now make %s: it needs a new attempt."
                            .formatted(record.attempt(), record.digest(), executable.digest()));
        }
        List<Integer> slots = record.seats().stream().map(Seat::slot).toList();
        Simulation simulation =
                Simulator.run(graph, topology, record.plan(), ScheduleGenerator.generate(graph, record.plan()));
        return new PlanningOutcome.Planned(
                new PlanReference(executable.digest(), slots),
                executable,
                record.plan(),
                graph,
                topology,
                simulation,
                record.figures());
    }
}
