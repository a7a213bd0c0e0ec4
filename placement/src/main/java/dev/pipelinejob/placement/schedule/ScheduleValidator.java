package dev.pipelinejob.placement.schedule;

import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.Stage;
import java.util.ArrayList;
import java.util.List;

/// Checks operation lists without knowing how they were made.
///
/// Sound lists can be executed in order with asynchronous sends and blocking receives: every receive has exactly one
/// send and the other way round, nothing waits for ever, a stage runs each micro-batch forward once and then backward
/// once, both ascending, and never holds more of them than its schedule allows; and each mailbox holds messages of
/// one step only, so the number of receives from a peer bounds it.
public final class ScheduleValidator {
    private static final int MAX_OFFENCES = 20;

    private ScheduleValidator() {}

    /// Everything that is wrong with the lists for a plan, one sentence each; empty when they are sound.
    public static List<String> check(Schedule schedule, Plan plan) {
        if (schedule.workers().size() != plan.slots().size()) {
            return List.of("There are lists for " + schedule.workers().size() + " workers but the plan has "
                    + plan.slots().size() + ".");
        }
        List<String> offences = new ArrayList<>();
        for (WorkerOperations worker : schedule.workers()) {
            checkFields(worker, plan, offences);
        }
        if (offences.isEmpty()) {
            for (WorkerOperations worker : schedule.workers()) {
                new WorkerOrder(worker, plan, offences).check();
            }
            new MessageFlow(schedule, WorkerOperations::step, offences).check();
            new MessageFlow(schedule, WorkerOperations::checkpoint, offences).check();
        }
        return offences.size() <= MAX_OFFENCES ? List.copyOf(offences) : List.copyOf(offences.subList(0, MAX_OFFENCES));
    }

    private static void checkFields(WorkerOperations worker, Plan plan, List<String> offences) {
        List<Operation> all = new ArrayList<>(worker.step());
        all.addAll(worker.checkpoint());
        for (Operation operation : all) {
            boolean moves = operation.kind().isSend() || operation.kind().isReceive();
            int peer = operation.peer();
            if (moves && (peer < 0 || peer >= plan.slots().size() || peer == worker.rank())) {
                offences.add(at(worker, operation) + " names peer " + peer + ", which is no other worker.");
            }
            if (needsOwnStage(operation.kind()) && !isOwn(operation.stage(), worker.rank(), plan)) {
                offences.add(at(worker, operation) + " concerns a stage that the worker does not hold.");
            }
            if (needsMicroBatch(operation.kind())
                    && (operation.microBatch() < 0 || operation.microBatch() >= plan.microBatches())) {
                offences.add(
                        at(worker, operation) + " names a micro-batch outside 0 to " + (plan.microBatches() - 1) + ".");
            }
        }
    }

    private static boolean isOwn(int index, int rank, Plan plan) {
        if (index < 0 || index >= plan.stages().size()) {
            return false;
        }
        Stage stage = plan.stages().get(index);
        return stage.rank() == rank;
    }

    private static boolean needsMicroBatch(OperationKind kind) {
        return switch (kind) {
            case RECEIVE_ACTIVATION, FORWARD, SEND_ACTIVATION, RECEIVE_GRADIENT, BACKWARD, SEND_GRADIENT -> true;
            default -> false;
        };
    }

    private static boolean needsOwnStage(OperationKind kind) {
        return switch (kind) {
            case CHECKPOINT_PART, SEND_PART -> true;
            default -> needsMicroBatch(kind);
        };
    }

    static String at(WorkerOperations worker, Operation operation) {
        return "On rank " + worker.rank() + " " + operation.kind() + " of stage " + operation.stage() + ", micro-batch "
                + operation.microBatch();
    }
}
