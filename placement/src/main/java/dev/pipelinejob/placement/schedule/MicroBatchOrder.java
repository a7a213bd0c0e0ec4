package dev.pipelinejob.placement.schedule;

import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.Stage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lays the forwards and backwards of all stages on their workers, with the receives before and the sends after them.
///
/// It plays the pipeline in ticks in which every worker runs one ready operation, so the lists are one possible
/// order of execution and cannot deadlock. A worker with several ready stages prefers backwards, the oldest
/// micro-batch first, then the forward nearest to the loss: what frees memory comes first.
final class MicroBatchOrder {
    private final ModelGraph graph;
    private final Plan plan;
    private final List<List<Stage>> stagesOfRank = new ArrayList<>();
    private final BitSet isWoken = new BitSet();
    private final int[] forwards;
    private final int[] backwards;
    private final List<List<Operation>> lists = new ArrayList<>();

    MicroBatchOrder(ModelGraph graph, Plan plan) {
        this.graph = graph;
        this.plan = plan;
        forwards = new int[plan.stages().size()];
        backwards = new int[plan.stages().size()];
        for (int rank = 0; rank < plan.slots().size(); rank++) {
            stagesOfRank.add(new ArrayList<>());
            lists.add(new ArrayList<>());
        }
        plan.stages().forEach(stage -> stagesOfRank.get(stage.rank()).add(stage));
    }

    List<List<Operation>> lists() {
        List<Integer> awake = new ArrayList<>();
        for (int rank = 0; rank < plan.slots().size(); rank++) {
            awake.add(rank);
        }
        while (!awake.isEmpty()) {
            List<Turn> turns = new ArrayList<>();
            for (int rank : awake) {
                Turn turn = choose(rank);
                if (turn != null) {
                    turns.add(turn);
                }
            }
            turns.forEach(this::run);
            awake = woken(turns);
        }
        return lists;
    }

    /// One compute operation of a tick.
    private record Turn(Stage stage, boolean forward, int microBatch) {}

    private @Nullable Turn choose(int rank) {
        Turn best = null;
        for (Stage stage : stagesOfRank.get(rank)) {
            Turn turn = next(stage);
            if (turn != null && (best == null || isBetter(turn, best))) {
                best = turn;
            }
        }
        return best;
    }

    private static boolean isBetter(Turn turn, Turn best) {
        if (turn.forward() != best.forward()) {
            return best.forward();
        }
        return turn.forward() ? turn.stage().index() > best.stage().index() : turn.microBatch() < best.microBatch();
    }

    private @Nullable Turn next(Stage stage) {
        int index = stage.index();
        int inFlight = forwards[index] - backwards[index];
        if (forwards[index] < plan.microBatches() && inFlight < plan.maxInFlight(index)) {
            boolean ready = index == 0 || forwards[index - 1] > forwards[index];
            return ready ? new Turn(stage, true, forwards[index]) : null;
        }
        boolean isLast = index == plan.stages().size() - 1;
        boolean ready = inFlight > 0 && (isLast || backwards[index + 1] > backwards[index]);
        return ready ? new Turn(stage, false, backwards[index]) : null;
    }

    private void run(Turn turn) {
        int index = turn.stage().index();
        List<Operation> list = lists.get(turn.stage().rank());
        OperationKind receive = turn.forward() ? OperationKind.RECEIVE_ACTIVATION : OperationKind.RECEIVE_GRADIENT;
        OperationKind compute = turn.forward() ? OperationKind.FORWARD : OperationKind.BACKWARD;
        OperationKind send = turn.forward() ? OperationKind.SEND_ACTIVATION : OperationKind.SEND_GRADIENT;
        int source = turn.forward() ? index - 1 : index + 1;
        int target = turn.forward() ? index + 1 : index - 1;
        message(list, receive, turn, source);
        list.add(Operation.compute(compute, index, turn.microBatch(), plan.rematerialize()));
        message(list, send, turn, target);
        if (turn.forward()) {
            forwards[index]++;
        } else {
            backwards[index]++;
        }
    }

    private void message(List<Operation> list, OperationKind kind, Turn turn, int otherStage) {
        if (otherStage < 0 || otherStage >= plan.stages().size()) {
            return;
        }
        int peer = plan.stages().get(otherStage).rank();
        if (peer == turn.stage().rank()) {
            return;
        }
        Stage later = otherStage > turn.stage().index() ? plan.stages().get(otherStage) : turn.stage();
        long bytes = graph.cutBytes(later.firstLayer());
        list.add(Operation.message(kind, turn.stage().index(), turn.microBatch(), peer, bytes));
    }

    /// Only a worker that just ran, or the neighbour of one, can have become ready.
    private List<Integer> woken(List<Turn> turns) {
        isWoken.clear();
        List<Integer> awake = new ArrayList<>();
        for (Turn turn : turns) {
            int index = turn.stage().index();
            int neighbour = turn.forward() ? index + 1 : index - 1;
            wake(turn.stage().rank(), awake);
            if (neighbour >= 0 && neighbour < plan.stages().size()) {
                wake(plan.stages().get(neighbour).rank(), awake);
            }
        }
        return awake;
    }

    private void wake(int rank, List<Integer> awake) {
        if (!isWoken.get(rank)) {
            isWoken.set(rank);
            awake.add(rank);
        }
    }
}
