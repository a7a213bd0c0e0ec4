package dev.pipelinejob.operator.planning;

import dev.pipelinejob.operator.lifecycle.PlanReference;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.schedule.ScheduleGenerator;
import dev.pipelinejob.placement.simulate.Simulation;
import dev.pipelinejob.placement.simulate.Simulator;
import dev.pipelinejob.placement.topology.Topology;
import java.util.List;

/// What came of planning a job.
public sealed interface PlanningOutcome {
    /// A plan that can be claimed.
    ///
    /// @param reference how the lifecycle names it
    /// @param executable what workers are told
    /// @param plan the planner's plan
    /// @param graph the costs that it was planned with
    /// @param topology the slots that it was planned on
    /// @param simulation what is predicted for it, without its timeline
    /// @param figures what is promised of it
    record Planned(
            PlanReference reference,
            ExecutablePlan executable,
            Plan plan,
            ModelGraph graph,
            Topology topology,
            Simulation simulation,
            PlanFigures figures)
            implements PlanningOutcome {
        /// The timeline has an entry for each operation of each rank: it is made again where it is asked for.
        public Planned {
            simulation = new Simulation(
                    simulation.stepMicros(),
                    simulation.steadyStepMicros(),
                    simulation.bubbleFraction(),
                    simulation.peakMemoryBytes(),
                    simulation.bytesPerStep(),
                    List.of());
        }

        /// What is predicted, with its timeline.
        public Simulation simulated() {
            return Simulator.run(graph, topology, plan, ScheduleGenerator.generate(graph, plan));
        }

        /// The same plan with the job's own number and the node of each of its slots.
        ///
        /// @param places by rank
        /// @param spares of workers that stand by
        public Planned placed(List<PlanReference.Place> places, List<PlanReference.Place> spares) {
            return new Planned(
                    new PlanReference(reference.digest(), places, spares),
                    executable,
                    plan,
                    graph,
                    topology,
                    simulation,
                    figures);
        }
    }

    /// There is none.
    ///
    /// @param sentence why, and what would help
    record Infeasible(String sentence) implements PlanningOutcome {}
}
