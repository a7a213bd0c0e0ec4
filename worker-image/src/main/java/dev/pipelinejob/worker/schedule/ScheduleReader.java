package dev.pipelinejob.worker.schedule;

import dev.pipelinejob.protocol.plan.OperationLists;
import dev.pipelinejob.protocol.plan.PlanSpec;
import dev.pipelinejob.protocol.plan.Stage;
import dev.pipelinejob.worker.schedule.OperationKind.Field;
import dev.pipelinejob.worker.schedule.ScheduleOutcome.Invalid;
import dev.pipelinejob.worker.schedule.StageLayout.HeldStage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads plan and operation lists as they came over the wire and refuses what this worker could not execute to its end.
public final class ScheduleReader {
    static final int MAXIMUM_WORKERS = 1024;
    static final int MAXIMUM_MICRO_BATCHES = 4096;
    static final int MAXIMUM_OPERATIONS = 1 << 20;

    private final StageLayout layout;
    private final int microBatches;

    private ScheduleReader(StageLayout layout, int microBatches) {
        this.layout = layout;
        this.microBatches = microBatches;
    }

    /// Reads the lists of one worker.
    ///
    /// @param rank this worker's number in the attempt
    public static ScheduleOutcome read(PlanSpec plan, OperationLists lists, int rank, int microBatches) {
        if (plan.getWorldSize() < 1 || plan.getWorldSize() > MAXIMUM_WORKERS) {
            return new Invalid(
                    "The plan has " + plan.getWorldSize() + " workers; 1 to " + MAXIMUM_WORKERS + " are possible.");
        }
        if (microBatches < 1 || microBatches > MAXIMUM_MICRO_BATCHES) {
            return new Invalid("The job has " + microBatches + " micro-batches a step; 1 to " + MAXIMUM_MICRO_BATCHES
                    + " are possible.");
        }
        if (rank < 0 || rank >= plan.getWorldSize()) {
            return new Invalid("This worker is called rank " + rank + " of " + plan.getWorldSize() + ".");
        }
        List<HeldStage> stages = new ArrayList<>();
        for (Stage stage : plan.getStagesList()) {
            int expected = stages.isEmpty() ? 0 : stages.getLast().endLayer();
            if (stage.getIndex() != stages.size()
                    || stage.getFirstLayer() != expected
                    || stage.getEndLayer() <= expected
                    || stage.getRank() < 0
                    || stage.getRank() >= plan.getWorldSize()) {
                return new Invalid("Stage " + stages.size() + " of the plan is out of order: index " + stage.getIndex()
                        + ", layers " + stage.getFirstLayer() + " to " + stage.getEndLayer() + ", rank "
                        + stage.getRank() + ".");
            }
            stages.add(new HeldStage(stage.getIndex(), stage.getFirstLayer(), stage.getEndLayer(), stage.getRank()));
        }
        StageLayout layout = new StageLayout(rank, plan.getWorldSize(), stages);
        if (layout.own().isEmpty()) {
            return new Invalid("The plan gives rank " + rank + " no stage.");
        }
        return new ScheduleReader(layout, microBatches).read(lists);
    }

    private ScheduleOutcome read(OperationLists lists) {
        List<Operation> step = new ArrayList<>();
        List<Operation> checkpoint = new ArrayList<>();
        return readList("step", lists.getStepList(), false, step)
                .or(() -> readList("checkpoint", lists.getCheckpointList(), true, checkpoint))
                .or(() -> incomplete(step))
                .<ScheduleOutcome>map(Invalid::new)
                .orElseGet(() -> new WorkerSchedule(layout, microBatches, step, checkpoint));
    }

    private Optional<String> readList(
            String name,
            List<dev.pipelinejob.protocol.plan.Operation> received,
            boolean checkpoint,
            List<Operation> into) {
        if (received.size() > MAXIMUM_OPERATIONS) {
            return Optional.of("The " + name + " list has " + received.size() + " operations; at most "
                    + MAXIMUM_OPERATIONS + " are possible.");
        }
        for (dev.pipelinejob.protocol.plan.Operation one : received) {
            Optional<String> refusal = readOperation(one, checkpoint, into);
            if (refusal.isPresent()) {
                return refusal.map(why -> "Entry " + into.size() + " of the " + name + " list " + why + ".");
            }
        }
        return Optional.empty();
    }

    private Optional<String> readOperation(
            dev.pipelinejob.protocol.plan.Operation one, boolean checkpoint, List<Operation> into) {
        Optional<OperationKind> known = kind(one);
        if (known.isEmpty()) {
            return Optional.of("has kind " + one.getKindValue() + ", which this worker does not know");
        }
        OperationKind kind = known.get();
        Operation operation = new Operation(
                kind, one.getStage(), one.getMicroBatch(), one.getPeer(), one.getRematerialize(), one.getBytes());
        if (kind.isCheckpoint() != checkpoint) {
            return Optional.of("is " + operation + ", which belongs into the other list");
        }
        boolean stageKnown = kind == OperationKind.RECEIVE_PART
                ? operation.stage() >= 0 && operation.stage() <= layout.lastStage()
                : layout.isOwn(operation.stage());
        if (breaks(kind.stage(), operation.stage(), stageKnown)) {
            return Optional.of("is " + operation + ", but the stage is not one of this worker's");
        }
        boolean microBatchKnown = operation.microBatch() >= 0 && operation.microBatch() < microBatches;
        if (breaks(kind.microBatch(), operation.microBatch(), microBatchKnown)) {
            return Optional.of("is " + operation + ", but a step has micro-batches 0 to " + (microBatches - 1));
        }
        boolean peerKnown =
                operation.peer() >= 0 && operation.peer() < layout.worldSize() && operation.peer() != layout.rank();
        if (breaks(kind.peer(), operation.peer(), peerKnown)) {
            return Optional.of("is " + operation + ", but the peer is not another worker of the plan");
        }
        into.add(operation);
        return Optional.empty();
    }

    private static Optional<OperationKind> kind(dev.pipelinejob.protocol.plan.Operation one) {
        return switch (one.getKind()) {
            case OPERATION_KIND_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
            default -> Optional.of(OperationKind.valueOf(one.getKind().name()));
        };
    }

    private static boolean breaks(Field rule, int value, boolean valid) {
        return switch (rule) {
            case REQUIRED -> !valid;
            case OPTIONAL -> !valid && value != Operation.NONE;
            case ABSENT -> value != Operation.NONE;
        };
    }

    /// Every micro-batch goes forward and then backward exactly once through every own stage.
    private Optional<String> incomplete(List<Operation> step) {
        Set<List<Integer>> forward = new HashSet<>();
        Set<List<Integer>> backward = new HashSet<>();
        for (Operation operation : step) {
            List<Integer> where = List.of(operation.stage(), operation.microBatch());
            boolean wrong =
                    switch (operation.kind()) {
                        case FORWARD -> !forward.add(where);
                        case BACKWARD -> !forward.contains(where) || !backward.add(where);
                        default -> false;
                    };
            if (wrong) {
                return Optional.of("The step list runs " + operation + " twice or before its forward.");
            }
        }
        int expected = layout.own().size() * microBatches;
        return backward.size() == expected && forward.size() == expected
                ? Optional.empty()
                : Optional.of("The step list takes " + forward.size() + " micro-batches forward and " + backward.size()
                        + " backward through this worker's stages, but " + expected + " belong to a step.");
    }
}
