package dev.pipelinejob.placement.schedule;

import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.graph.TiedParameter;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What every worker does behind the last micro-batch of a step, and after a step that checkpoints.
///
/// Every worker waits here for the clip coefficient, which rank 0 sends when it has everybody's statistics. So no
/// worker begins a step before all have finished the micro-batches of the one before, and messages of two steps
/// never wait in one mailbox.
final class StepTail {
    private static final int ROOT = 0;
    private static final long STATISTIC_BYTES = 8;
    /// The coefficient and the norm, a double each; a norm that is not finite says: skip.
    private static final long CLIP_BYTES = 16;

    private final Plan plan;
    private final int workers;
    private final List<Integer> tensors = new ArrayList<>();
    private final List<SortedMap<String, Long>> tiedBytes = new ArrayList<>();

    StepTail(ModelGraph graph, Plan plan) {
        this.plan = plan;
        this.workers = plan.slots().size();
        for (int rank = 0; rank < workers; rank++) {
            tensors.add(0);
            tiedBytes.add(new TreeMap<>());
        }
        SortedMap<String, List<Integer>> uses = graph.tiedGroups();
        for (Stage stage : plan.stages()) {
            for (int layer = stage.firstLayer(); layer < stage.endLayer(); layer++) {
                count(stage.rank(), layer, graph.layers().get(layer), uses);
            }
        }
    }

    /// A tied parameter is exchanged by all of its users, but counts in the norm with its first use only.
    private void count(int rank, int index, Layer layer, SortedMap<String, List<Integer>> uses) {
        int counted = layer.parameterTensors();
        for (TiedParameter tied : layer.tied()) {
            List<Integer> users = uses.getOrDefault(tied.group(), List.of(index));
            if (users.size() > 1) {
                tiedBytes.get(rank).merge(tied.group(), tied.parameterBytes(), Long::sum);
            }
            counted -= users.getFirst() == index ? 0 : 1;
        }
        tensors.set(rank, tensors.get(rank) + counted);
    }

    void append(int rank, List<Operation> step) {
        appendTiedGradients(rank, step);
        step.add(Operation.local(OperationKind.GRADIENT_STATISTICS, Operation.NONE));
        if (rank == ROOT) {
            appendRootClip(step);
        } else {
            step.add(toOrFrom(OperationKind.SEND_STATISTICS, ROOT, tensors.get(rank) * STATISTIC_BYTES));
            step.add(toOrFrom(OperationKind.RECEIVE_CLIP, ROOT, CLIP_BYTES));
        }
        step.add(Operation.local(OperationKind.OPTIMIZER_STEP, Operation.NONE));
        Stage last = plan.stages().getLast();
        if (last.rank() == rank) {
            step.add(Operation.local(OperationKind.RECORD_LOSS, last.index()));
        }
    }

    private void appendTiedGradients(int rank, List<Operation> step) {
        SortedMap<String, Long> own = tiedBytes.get(rank);
        if (own.isEmpty()) {
            return;
        }
        List<Operation> receives = new ArrayList<>();
        for (int peer = 0; peer < workers; peer++) {
            long sent = sharedBytes(own, tiedBytes.get(peer));
            if (peer != rank && sent > 0) {
                step.add(toOrFrom(OperationKind.SEND_TIED_GRADIENT, peer, sent));
                long received = sharedBytes(tiedBytes.get(peer), own);
                receives.add(toOrFrom(OperationKind.RECEIVE_TIED_GRADIENT, peer, received));
            }
        }
        step.addAll(receives);
        step.add(Operation.local(OperationKind.REDUCE_TIED_GRADIENT, Operation.NONE));
    }

    private static long sharedBytes(SortedMap<String, Long> sender, SortedMap<String, Long> receiver) {
        return sender.entrySet().stream()
                .filter(use -> receiver.containsKey(use.getKey()))
                .mapToLong(use -> use.getValue())
                .sum();
    }

    private void appendRootClip(List<Operation> step) {
        for (int peer = ROOT + 1; peer < workers; peer++) {
            step.add(toOrFrom(OperationKind.RECEIVE_STATISTICS, peer, tensors.get(peer) * STATISTIC_BYTES));
        }
        step.add(Operation.local(OperationKind.CLIP, Operation.NONE));
        for (int peer = ROOT + 1; peer < workers; peer++) {
            step.add(toOrFrom(OperationKind.SEND_CLIP, peer, CLIP_BYTES));
        }
    }

    List<Operation> checkpoint(int rank) {
        List<Operation> list = new ArrayList<>();
        List<Operation> messages = new ArrayList<>();
        for (Stage stage : plan.stages()) {
            if (stage.rank() == rank) {
                list.add(Operation.local(OperationKind.CHECKPOINT_PART, stage.index()));
            }
            if (stage.rank() == rank && rank != ROOT) {
                messages.add(Operation.message(OperationKind.SEND_PART, stage.index(), Operation.NONE, ROOT, 0));
            }
            if (stage.rank() != ROOT && rank == ROOT) {
                messages.add(
                        Operation.message(OperationKind.RECEIVE_PART, stage.index(), Operation.NONE, stage.rank(), 0));
            }
        }
        list.addAll(messages);
        if (rank == ROOT) {
            list.add(Operation.local(OperationKind.COMMIT, Operation.NONE));
        }
        return list;
    }

    private static Operation toOrFrom(OperationKind kind, int peer, long bytes) {
        return Operation.message(kind, Operation.NONE, Operation.NONE, peer, bytes);
    }
}
