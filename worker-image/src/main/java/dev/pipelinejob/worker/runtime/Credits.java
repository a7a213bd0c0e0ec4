package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.worker.schedule.Operation;
import dev.pipelinejob.worker.schedule.OperationKind;
import dev.pipelinejob.worker.schedule.WorkerSchedule;
import java.util.Collection;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What a worker's lists say about its edges.
final class Credits {
    private Credits() {}

    /// By peer: the most messages of it that may lie unread, which is what it sends in one step and one checkpoint.
    static SortedMap<Integer, Integer> of(WorkerSchedule schedule) {
        SortedMap<Integer, Integer> credits = new TreeMap<>();
        all(schedule)
                .filter(operation -> operation.kind().isReceive())
                .forEach(operation -> credits.merge(operation.peer(), messages(schedule, operation), Integer::sum));
        return credits;
    }

    /// Statistics travel as one message a stage, so that the root can put them into canonical order.
    private static int messages(WorkerSchedule schedule, Operation receive) {
        return receive.kind() == OperationKind.RECEIVE_STATISTICS
                ? schedule.layout().heldBy(receive.peer()).size()
                : 1;
    }

    static SortedSet<Integer> receivers(WorkerSchedule schedule) {
        SortedSet<Integer> receivers = new TreeSet<>();
        all(schedule)
                .filter(operation -> operation.kind().isSend())
                .forEach(operation -> receivers.add(operation.peer()));
        return receivers;
    }

    private static Stream<Operation> all(WorkerSchedule schedule) {
        return Stream.of(schedule.step(), schedule.checkpoint()).<Operation>flatMap(Collection::stream);
    }
}
