package dev.pipelinejob.operator.drive;

import dev.pipelinejob.protocol.control.EdgeBytes;
import dev.pipelinejob.protocol.control.Progress;
import dev.pipelinejob.protocol.plan.Operation;
import dev.pipelinejob.protocol.plan.OperationLists;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What flowed between each pair of workers in the newest step that its receiver reported, beside what the operation
/// lists say.
public final class EdgeTraffic {
    private final TreeMap<Direction, Long> measured = new TreeMap<>();
    private int attempt;

    /// What flows from one worker to another in one step.
    ///
    /// @param fromRank the sender
    /// @param toRank the receiver
    /// @param predictedBytes by the operation lists
    /// @param measuredBytes in the newest step that the receiver reported; 0 before the first
    public record Edge(int fromRank, int toRank, long predictedBytes, long measuredBytes) {}

    private record Direction(int from, int to) implements Comparable<Direction> {
        @Override
        public int compareTo(Direction other) {
            return from != other.from ? Integer.compare(from, other.from) : Integer.compare(to, other.to);
        }
    }

    void take(Progress progress) {
        if (progress.getAttempt() < attempt) {
            return;
        }
        if (progress.getAttempt() > attempt) {
            attempt = progress.getAttempt();
            measured.clear();
        }
        for (EdgeBytes edge : progress.getEdgeBytesList()) {
            measured.put(new Direction(edge.getFromRank(), edge.getToRank()), edge.getBytes());
        }
    }

    /// Every edge that should carry something or does, by sender and receiver.
    ///
    /// @param lists what each rank was told
    public List<Edge> beside(List<OperationLists> lists) {
        SortedMap<Direction, Long> predicted = predicted(lists);
        TreeSet<Direction> all = new TreeSet<>(predicted.keySet());
        all.addAll(measured.keySet());
        List<Edge> edges = new ArrayList<>();
        for (Direction edge : all) {
            long expected = predicted.getOrDefault(edge, 0L);
            long seen = measured.getOrDefault(edge, 0L);
            if (expected > 0 || seen > 0) {
                edges.add(new Edge(edge.from(), edge.to(), expected, seen));
            }
        }
        return edges;
    }

    private static SortedMap<Direction, Long> predicted(List<OperationLists> lists) {
        TreeMap<Direction, Long> bytes = new TreeMap<>();
        for (int rank = 0; rank < lists.size(); rank++) {
            for (Operation operation : lists.get(rank).getStepList()) {
                if (operation.getKind().name().startsWith("SEND_")) {
                    bytes.merge(new Direction(rank, operation.getPeer()), operation.getBytes(), Long::sum);
                }
            }
        }
        return bytes;
    }
}
