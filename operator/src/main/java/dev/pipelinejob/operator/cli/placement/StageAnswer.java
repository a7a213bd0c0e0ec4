package dev.pipelinejob.operator.cli.placement;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pipelinejob.placement.partition.BoundKind;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.replication.LevelPlan;
import dev.pipelinejob.placement.replication.LevelPlanner;
import dev.pipelinejob.placement.replication.MachineLevel;
import dev.pipelinejob.placement.replication.PlanOutcome;
import dev.pipelinejob.placement.replication.StagePlan;
import dev.pipelinejob.placement.replication.StagePlanner;
import dev.pipelinejob.placement.workload.PipeDreamProfile;
import dev.pipelinejob.placement.workload.PiperProfile;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What came of a question for replicated stages. Times are milliseconds.
///
/// @param status as plans name it
/// @param reason why there is no plan, where that was found
/// @param found the plan; null when there is none
/// @param devices how many there are
/// @param millis wall time of the search
record StageAnswer(
        String status, @Nullable String reason, @Nullable Found found, long devices, double millis) {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MILLIS_PER_SECOND = 1000;

    /// A plan.
    ///
    /// @param value time of the slowest stage
    /// @param lowerBound what no plan of its kind is below
    /// @param boundKind for which plans the bound holds
    /// @param usedDevices how many it takes
    /// @param stages the plan itself, as files show it
    record Found(double value, double lowerBound, BoundKind boundKind, long usedDevices, ArrayNode stages) {
        double gapPercent() {
            return value == 0 ? 0 : (1 - lowerBound / value) * 100;
        }
    }

    /// Asks the planner in Piper's model.
    static StageAnswer piper(PiperProfile profile, SearchControl control) {
        long start = System.nanoTime();
        PlanOutcome<StagePlan> outcome = StagePlanner.plan(profile, control);
        double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        StagePlan plan = PlanOutcome.plan(outcome);
        Found found = plan == null
                ? null
                : new Found(
                        plan.value() * MILLIS_PER_SECOND,
                        plan.lowerBound() * MILLIS_PER_SECOND,
                        plan.isBoundForAll() ? BoundKind.CONTIGUOUS : BoundKind.ANY,
                        plan.devices(),
                        stages(plan));
        return answer(outcome, found, profile.fleet().devices(), millis);
    }

    /// Asks the planner in PipeDream's model.
    static StageAnswer pipeDream(PipeDreamProfile profile, List<MachineLevel> levels, SearchControl control) {
        long start = System.nanoTime();
        PlanOutcome<LevelPlan> outcome = LevelPlanner.plan(profile, levels, control);
        double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        LevelPlan plan = PlanOutcome.plan(outcome);
        Found found = plan == null
                ? null
                : new Found(
                        plan.value(),
                        plan.lowerBound(),
                        plan.isBoundForAll() ? BoundKind.CONTIGUOUS : BoundKind.ANY,
                        plan.devices(),
                        parts("stage-", plan.parts()));
        return answer(outcome, found, MachineLevel.devices(levels), millis);
    }

    private static StageAnswer answer(PlanOutcome<?> outcome, @Nullable Found found, long devices, double millis) {
        return switch (outcome) {
            case PlanOutcome.Optimal<?> _ -> new StageAnswer("OPTIMAL", null, found, devices, millis);
            case PlanOutcome.Feasible<?> _ -> new StageAnswer("FEASIBLE", null, found, devices, millis);
            case PlanOutcome.Infeasible<?>(String reason) ->
                new StageAnswer("INFEASIBLE", reason, null, devices, millis);
            case PlanOutcome.OutOfTime<?> _ -> new StageAnswer("OUT_OF_TIME", null, null, devices, millis);
        };
    }

    private static ArrayNode stages(StagePlan plan) {
        ArrayNode stages = StagePlanFile.array();
        for (StagePlan.Stage stage : plan.stages()) {
            ObjectNode object = stages.addObject();
            object.put("name", "stage-" + (stages.size() - 1));
            object.put("replicas", stage.replicas());
            object.put("tensorDegree", stage.tensorDegree());
            ObjectNode choices = object.putObject("choices");
            new TreeMap<>(stage.choiceOfNode()).forEach(choices::put);
        }
        return stages;
    }

    private static ArrayNode parts(String prefix, List<LevelPlan.Part> parts) {
        ArrayNode stages = StagePlanFile.array();
        for (LevelPlan.Part part : parts) {
            ObjectNode object = stages.addObject();
            String name = prefix + (stages.size() - 1);
            object.put("name", name);
            object.put("replicas", part.replicas());
            if (part.parts().isEmpty()) {
                ArrayNode layers = object.putArray("layers");
                part.layers().forEach(layers::add);
            } else {
                object.set("stages", parts(name + ".", part.parts()));
            }
        }
        return stages;
    }
}
