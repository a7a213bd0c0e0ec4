package dev.pipelinejob.operator.planning;

import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.schedule.Schedule;
import dev.pipelinejob.placement.schedule.ScheduleGenerator;
import dev.pipelinejob.placement.schedule.WorkerOperations;
import dev.pipelinejob.protocol.plan.Operation;
import dev.pipelinejob.protocol.plan.OperationKind;
import dev.pipelinejob.protocol.plan.OperationLists;
import dev.pipelinejob.protocol.plan.PlanSpec;
import dev.pipelinejob.protocol.plan.Stage;
import java.util.List;

/// The planner's plan in the words of the protocol. Field by field, nothing is computed here.
public final class PlanTranslation {
    private PlanTranslation() {}

    /// Generates the operation lists of a plan and puts both into the protocol's words.
    public static ExecutablePlan executable(ModelGraph graph, Plan plan) {
        Schedule schedule = ScheduleGenerator.generate(graph, plan);
        PlanSpec spec = planSpec(plan, schedule.generatorVersion());
        List<OperationLists> operations =
                schedule.workers().stream().map(PlanTranslation::lists).toList();
        return ExecutablePlan.of(spec, operations);
    }

    private static PlanSpec planSpec(Plan plan, int generatorVersion) {
        PlanSpec.Builder spec = PlanSpec.newBuilder()
                .setSchedule(plan.schedule().word())
                .setWorldSize(plan.slots().size())
                .setGeneratorVersion(generatorVersion);
        plan.stages()
                .forEach(stage -> spec.addStages(Stage.newBuilder()
                        .setIndex(stage.index())
                        .setFirstLayer(stage.firstLayer())
                        .setEndLayer(stage.endLayer())
                        .setRank(stage.rank())));
        return spec.build();
    }

    private static OperationLists lists(WorkerOperations worker) {
        OperationLists.Builder lists = OperationLists.newBuilder();
        worker.step().forEach(operation -> lists.addStep(operation(operation)));
        worker.checkpoint().forEach(operation -> lists.addCheckpoint(operation(operation)));
        return lists.build();
    }

    private static Operation operation(dev.pipelinejob.placement.schedule.Operation operation) {
        return Operation.newBuilder()
                .setKind(OperationKind.valueOf(operation.kind().name()))
                .setStage(operation.stage())
                .setMicroBatch(operation.microBatch())
                .setPeer(operation.peer())
                .setRematerialize(operation.rematerialize())
                .setBytes(operation.bytes())
                .build();
    }
}
