package dev.pipelinejob.placement.schedule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/// Plays lists with asynchronous sends and blocking receives, and reports what does not match or never comes.
final class MessageFlow {
    private final List<WorkerOperations> workers;
    private final Function<WorkerOperations, List<Operation>> part;
    private final List<String> offences;
    private final Map<Message, Long> sent = new LinkedHashMap<>();
    private final Map<Message, Integer> waiting = new HashMap<>();
    private final Deque<Integer> runnable = new ArrayDeque<>();
    private final int[] next;

    MessageFlow(Schedule schedule, Function<WorkerOperations, List<Operation>> part, List<String> offences) {
        this.workers = schedule.workers();
        this.part = part;
        this.offences = offences;
        this.next = new int[workers.size()];
    }

    /// What identifies a message on its way.
    private record Message(OperationKind sendKind, int from, int to, int stage, int microBatch) {}

    void check() {
        for (int rank = 0; rank < workers.size(); rank++) {
            runnable.add(rank);
        }
        while (!runnable.isEmpty()) {
            play(runnable.remove());
        }
        reportStuck();
        for (Message message : new ArrayList<>(sent.keySet())) {
            offences.add("Rank " + message.from() + " has a " + message.sendKind() + " of stage " + message.stage()
                    + ", micro-batch " + message.microBatch() + " that rank " + message.to() + " never receives.");
        }
    }

    /// Runs a worker until it waits or ends.
    private void play(int rank) {
        List<Operation> list = part.apply(workers.get(rank));
        while (next[rank] < list.size()) {
            Operation operation = list.get(next[rank]);
            if (operation.kind().isReceive() && !take(rank, operation)) {
                return;
            }
            if (operation.kind().isSend()) {
                put(rank, operation);
            }
            next[rank]++;
        }
    }

    private boolean take(int rank, Operation operation) {
        Message message = incoming(rank, operation);
        Long bytes = sent.remove(message);
        if (bytes == null) {
            waiting.put(message, rank);
            return false;
        }
        if (bytes != operation.bytes()) {
            offences.add(ScheduleValidator.at(workers.get(rank), operation) + " expects " + operation.bytes()
                    + " bytes but is sent " + bytes + ".");
        }
        return true;
    }

    private void put(int rank, Operation operation) {
        Message message =
                new Message(operation.kind(), rank, operation.peer(), operation.stage(), operation.microBatch());
        if (sent.put(message, operation.bytes()) != null) {
            offences.add(ScheduleValidator.at(workers.get(rank), operation) + " is sent twice to rank "
                    + operation.peer() + " before it is received.");
        }
        Integer receiver = waiting.remove(message);
        if (receiver != null) {
            runnable.add(receiver);
        }
    }

    /// The send that a receive waits for: the stages of activations and gradients differ by one on the two sides.
    private static Message incoming(int rank, Operation operation) {
        OperationKind sendKind = operation.kind().counterpart();
        int stage =
                switch (sendKind) {
                    case SEND_ACTIVATION -> operation.stage() - 1;
                    case SEND_GRADIENT -> operation.stage() + 1;
                    default -> operation.stage();
                };
        return new Message(sendKind, operation.peer(), rank, stage, operation.microBatch());
    }

    private void reportStuck() {
        TreeSet<Integer> stuck = new TreeSet<>(waiting.values());
        for (int rank : stuck) {
            Operation operation = part.apply(workers.get(rank)).get(next[rank]);
            offences.add(ScheduleValidator.at(workers.get(rank), operation) + " waits for rank " + operation.peer()
                    + " for ever.");
        }
    }
}
