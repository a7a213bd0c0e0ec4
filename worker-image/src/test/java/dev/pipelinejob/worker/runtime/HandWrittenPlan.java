package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.protocol.plan.Operation;
import dev.pipelinejob.protocol.plan.OperationKind;
import dev.pipelinejob.protocol.plan.OperationLists;
import dev.pipelinejob.protocol.plan.PlanSpec;
import dev.pipelinejob.protocol.plan.Stage;
import java.util.ArrayList;
import java.util.List;

/// Operation lists written out here, so that the runtime is tested without the generator.
///
/// @param ends one past the last layer of each stage
/// @param ranks who holds each stage
/// @param microBatches micro-batches a step
/// @param tied whether first and last layer share a parameter
/// @param oneForwardOneBackward order of 1F1B in place of GPipe's; for one stage a rank
public record HandWrittenPlan(
        List<Integer> ends, List<Integer> ranks, int microBatches, boolean tied, boolean oneForwardOneBackward) {

    int workers() {
        return ranks.stream().mapToInt(rank -> rank + 1).max().orElse(0);
    }

    PlanSpec plan() {
        PlanSpec.Builder plan = PlanSpec.newBuilder()
                .setSchedule("GPipe")
                .setWorldSize(workers())
                .setGeneratorVersion(1);
        for (int stage = 0; stage < ends.size(); stage++) {
            plan.addStages(Stage.newBuilder()
                    .setIndex(stage)
                    .setFirstLayer(stage == 0 ? 0 : ends.get(stage - 1))
                    .setEndLayer(ends.get(stage))
                    .setRank(ranks.get(stage)));
        }
        return plan.build();
    }

    OperationLists lists(int rank) {
        List<Operation> step = new ArrayList<>();
        if (oneForwardOneBackward) {
            int warmUp = Math.min(microBatches, ends.size() - 1 - rank);
            for (int m = 0; m < warmUp; m++) {
                forward(step, rank, m);
            }
            for (int m = 0; m < microBatches; m++) {
                if (m + warmUp < microBatches) {
                    forward(step, rank, m + warmUp);
                }
                backward(step, rank, m);
            }
        } else {
            for (int m = 0; m < microBatches; m++) {
                forward(step, rank, m);
            }
            for (int m = 0; m < microBatches; m++) {
                backward(step, rank, m);
            }
        }
        tail(step, rank);
        return OperationLists.newBuilder()
                .addAllStep(step)
                .addAllCheckpoint(checkpoint(rank))
                .build();
    }

    private List<Integer> own(int rank) {
        List<Integer> own = new ArrayList<>();
        for (int stage = 0; stage < ranks.size(); stage++) {
            if (ranks.get(stage) == rank) {
                own.add(stage);
            }
        }
        return own;
    }

    private void forward(List<Operation> list, int rank, int m) {
        for (int stage : own(rank)) {
            if (stage > 0 && ranks.get(stage - 1) != rank) {
                list.add(operation(OperationKind.RECEIVE_ACTIVATION, stage, m, ranks.get(stage - 1)));
            }
            list.add(operation(OperationKind.FORWARD, stage, m, -1));
            if (stage + 1 < ranks.size() && ranks.get(stage + 1) != rank) {
                list.add(operation(OperationKind.SEND_ACTIVATION, stage, m, ranks.get(stage + 1)));
            }
        }
    }

    private void backward(List<Operation> list, int rank, int m) {
        for (int stage : own(rank).reversed()) {
            if (stage + 1 < ranks.size() && ranks.get(stage + 1) != rank) {
                list.add(operation(OperationKind.RECEIVE_GRADIENT, stage, m, ranks.get(stage + 1)));
            }
            list.add(operation(OperationKind.BACKWARD, stage, m, -1));
            if (stage > 0 && ranks.get(stage - 1) != rank) {
                list.add(operation(OperationKind.SEND_GRADIENT, stage, m, ranks.get(stage - 1)));
            }
        }
    }

    private void tail(List<Operation> list, int rank) {
        int first = ranks.getFirst();
        int last = ranks.getLast();
        if (tied && (rank == first || rank == last)) {
            if (first != last) {
                int other = rank == first ? last : first;
                list.add(operation(OperationKind.SEND_TIED_GRADIENT, -1, -1, other));
                list.add(operation(OperationKind.RECEIVE_TIED_GRADIENT, -1, -1, other));
            }
            list.add(operation(OperationKind.REDUCE_TIED_GRADIENT, -1, -1, -1));
        }
        list.add(operation(OperationKind.GRADIENT_STATISTICS, -1, -1, -1));
        if (rank == 0) {
            for (int peer = 1; peer < workers(); peer++) {
                list.add(operation(OperationKind.RECEIVE_STATISTICS, -1, -1, peer));
            }
            list.add(operation(OperationKind.CLIP, -1, -1, -1));
            for (int peer = 1; peer < workers(); peer++) {
                list.add(operation(OperationKind.SEND_CLIP, -1, -1, peer));
            }
        } else {
            list.add(operation(OperationKind.SEND_STATISTICS, -1, -1, 0));
            list.add(operation(OperationKind.RECEIVE_CLIP, -1, -1, 0));
        }
        list.add(operation(OperationKind.OPTIMIZER_STEP, -1, -1, -1));
        if (rank == last) {
            list.add(operation(OperationKind.RECORD_LOSS, -1, -1, -1));
        }
    }

    private List<Operation> checkpoint(int rank) {
        List<Operation> list = new ArrayList<>();
        own(rank).forEach(stage -> list.add(operation(OperationKind.CHECKPOINT_PART, stage, -1, -1)));
        if (rank != 0) {
            own(rank).forEach(stage -> list.add(operation(OperationKind.SEND_PART, stage, -1, 0)));
            return list;
        }
        for (int stage = 0; stage < ranks.size(); stage++) {
            if (ranks.get(stage) != 0) {
                list.add(operation(OperationKind.RECEIVE_PART, stage, -1, ranks.get(stage)));
            }
        }
        list.add(operation(OperationKind.COMMIT, -1, -1, -1));
        return list;
    }

    private static Operation operation(OperationKind kind, int stage, int microBatch, int peer) {
        return Operation.newBuilder()
                .setKind(kind)
                .setStage(stage)
                .setMicroBatch(microBatch)
                .setPeer(peer)
                .build();
    }
}
