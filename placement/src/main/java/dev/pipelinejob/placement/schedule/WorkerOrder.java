package dev.pipelinejob.placement.schedule;

import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.Stage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Checks one worker's lists by themselves: what must come before what, and how much may be held meanwhile.
final class WorkerOrder {
    private static final int ROOT = 0;

    private final WorkerOperations worker;
    private final Plan plan;
    private final List<String> offences;
    private final int[] forwards;
    private final int[] backwards;
    private final Set<Arrival> received = new HashSet<>();
    private boolean statisticsTaken;
    private int optimizerSteps;
    private int losses;

    WorkerOrder(WorkerOperations worker, Plan plan, List<String> offences) {
        this.worker = worker;
        this.plan = plan;
        this.offences = offences;
        forwards = new int[plan.stages().size()];
        backwards = new int[plan.stages().size()];
    }

    /// An activation or gradient that a receive has waited for.
    private record Arrival(OperationKind kind, int stage, int microBatch) {}

    void check() {
        for (Operation operation : worker.step()) {
            switch (operation.kind()) {
                case FORWARD -> forward(operation);
                case BACKWARD -> backward(operation);
                case SEND_ACTIVATION -> require(forwards, operation, "is sent before its forward");
                case SEND_GRADIENT -> require(backwards, operation, "is sent before its backward");
                case RECEIVE_ACTIVATION, RECEIVE_GRADIENT, RECEIVE_TIED_GRADIENT -> receive(operation);
                case GRADIENT_STATISTICS -> statisticsTaken = true;
                case OPTIMIZER_STEP -> optimizerSteps++;
                case RECORD_LOSS -> losses++;
                default -> {}
            }
        }
        checkTotals();
        checkTail();
        checkCheckpoint();
    }

    private void receive(Operation operation) {
        beforeStatistics(operation);
        received.add(new Arrival(operation.kind(), operation.stage(), operation.microBatch()));
    }

    private void forward(Operation operation) {
        int stage = operation.stage();
        beforeStatistics(operation);
        if (operation.microBatch() != forwards[stage]) {
            offend(operation, "comes when micro-batch " + forwards[stage] + " is next: forwards ascend.");
        }
        if (stage > 0 && !hasInput(operation, OperationKind.RECEIVE_ACTIVATION, forwards, stage - 1)) {
            offend(operation, "comes before its input.");
        }
        forwards[stage]++;
        int inFlight = forwards[stage] - backwards[stage];
        if (inFlight > plan.maxInFlight(stage)) {
            offend(
                    operation,
                    "makes " + inFlight + " micro-batches in flight, but "
                            + plan.schedule().word() + " allows " + plan.maxInFlight(stage) + " here.");
        }
    }

    private void backward(Operation operation) {
        int stage = operation.stage();
        beforeStatistics(operation);
        if (operation.microBatch() != backwards[stage]) {
            offend(operation, "comes when micro-batch " + backwards[stage] + " is next: backwards ascend.");
        }
        if (operation.microBatch() >= forwards[stage]) {
            offend(operation, "comes before its forward.");
        }
        boolean isLast = stage == plan.stages().size() - 1;
        if (!isLast && !hasInput(operation, OperationKind.RECEIVE_GRADIENT, backwards, stage + 1)) {
            offend(operation, "comes before its gradient.");
        }
        backwards[stage]++;
    }

    /// Whether the neighbour's result is here: received, or computed on this worker.
    private boolean hasInput(Operation operation, OperationKind receive, int[] done, int neighbour) {
        if (plan.stages().get(neighbour).rank() == worker.rank()) {
            return done[neighbour] > operation.microBatch();
        }
        return received.contains(new Arrival(receive, operation.stage(), operation.microBatch()));
    }

    private void require(int[] done, Operation operation, String otherwise) {
        if (operation.microBatch() >= done[operation.stage()]) {
            offend(operation, otherwise + ".");
        }
    }

    private void beforeStatistics(Operation operation) {
        if (statisticsTaken) {
            offend(operation, "comes behind the gradient statistics, which must see everything.");
        }
    }

    private void checkTotals() {
        for (Stage stage : plan.stages()) {
            boolean own = stage.rank() == worker.rank();
            int expected = own ? plan.microBatches() : 0;
            if (forwards[stage.index()] != expected || backwards[stage.index()] != expected) {
                offences.add("Rank " + worker.rank() + " runs stage " + stage.index() + " forward "
                        + forwards[stage.index()] + " and backward " + backwards[stage.index()] + " times, not "
                        + expected + ".");
            }
        }
    }

    private void checkTail() {
        boolean holdsLast = plan.stages().getLast().rank() == worker.rank();
        if (losses != (holdsLast ? 1 : 0)) {
            offences.add("Rank " + worker.rank() + " records the loss " + losses
                    + " times: the last stage's worker does" + " it once.");
        }
        List<OperationKind> kinds = worker.step().stream().map(Operation::kind).toList();
        OperationKind decision = worker.rank() == ROOT ? OperationKind.CLIP : OperationKind.RECEIVE_CLIP;
        boolean ordered = kinds.contains(OperationKind.GRADIENT_STATISTICS)
                && kinds.indexOf(OperationKind.GRADIENT_STATISTICS) < kinds.indexOf(decision)
                && kinds.indexOf(decision) < kinds.indexOf(OperationKind.OPTIMIZER_STEP);
        if (optimizerSteps != 1 || !ordered) {
            offences.add(
                    "Rank " + worker.rank() + " must take statistics, learn the clip coefficient and then step once.");
        }
    }

    private void checkCheckpoint() {
        List<Operation> list = worker.checkpoint();
        List<Integer> parts = stagesOf(list, OperationKind.CHECKPOINT_PART);
        List<Integer> own =
                plan.stagesOf(worker.rank()).stream().map(Stage::index).toList();
        List<Integer> others = plan.stages().stream()
                .filter(stage -> stage.rank() != worker.rank())
                .map(Stage::index)
                .toList();
        List<Integer> received = stagesOf(list, OperationKind.RECEIVE_PART);
        List<Integer> sent = stagesOf(list, OperationKind.SEND_PART);
        boolean isRoot = worker.rank() == ROOT;
        if (!parts.equals(own)
                || !sent.equals(isRoot ? List.of() : own)
                || !received.equals(isRoot ? others : List.of())) {
            offences.add("Rank " + worker.rank() + " must write the parts of its stages " + own
                    + (isRoot ? " and wait for all others' entries." : " and send their entries."));
        }
        long commits = list.stream()
                .filter(operation -> operation.kind() == OperationKind.COMMIT)
                .count();
        boolean commitsLast = !list.isEmpty() && list.getLast().kind() == OperationKind.COMMIT;
        if (isRoot ? commits != 1 || !commitsLast : commits != 0) {
            offences.add("Rank " + worker.rank() + " commits " + commits
                    + " times: rank 0 does it once, as the last thing.");
        }
    }

    private static List<Integer> stagesOf(List<Operation> list, OperationKind kind) {
        return list.stream()
                .filter(operation -> operation.kind() == kind)
                .map(Operation::stage)
                .toList();
    }

    private void offend(Operation operation, String what) {
        offences.add(ScheduleValidator.at(worker, operation) + " " + what);
    }
}
