package dev.pipelinejob.placement.partition.failure;

import dev.pipelinejob.placement.partition.SearchControl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// A split after a loss, and what it takes to get there.
///
/// @param deviceOfNode device of each node: never a lost one
/// @param value the largest load of a device
/// @param moves the nodes that change their device, in the order of the file
/// @param movedBytes what these nodes hold: what was on lost devices, and what moves between others
/// @param lostBytes what was on lost devices, which any split must move
@SuppressWarnings("ArrayRecordComponent") // passed on at once and never compared
public record Replan(int[] deviceOfNode, double value, List<Move> moves, double movedBytes, double lostBytes) {
    public Replan {
        deviceOfNode = deviceOfNode.clone();
        moves = List.copyOf(moves);
    }

    /// One node that changes its device.
    public record Move(int node, int from, int to) {}

    /// From the split that is running to the one after a loss.
    ///
    /// @param bytes what each node holds
    static Replan of(int[] before, int[] after, double value, Set<Integer> lost, IntToDoubleFunction bytes) {
        double moved = 0;
        double gone = 0;
        for (int node = 0; node < after.length; node++) {
            moved += after[node] == before[node] ? 0 : bytes.applyAsDouble(node);
            gone += lost.contains(before[node]) ? bytes.applyAsDouble(node) : 0;
        }
        return new Replan(after, value, between(before, after), moved, gone);
    }

    /// The plans after the losses that are likely, such as those of each host, before any happens.
    ///
    /// @param plan what answers one loss
    static Map<Set<Integer>, Replan> precomputed(
            List<Set<Integer>> likely, Function<Set<Integer>, @Nullable Replan> plan, SearchControl control) {
        Map<Set<Integer>, Replan> plans = new LinkedHashMap<>();
        for (Set<Integer> lost : likely) {
            Replan made = control.stopped() ? null : plan.apply(lost);
            if (made != null) {
                plans.put(Set.copyOf(lost), made);
            }
        }
        return plans;
    }

    private static List<Move> between(int[] before, int[] after) {
        List<Move> moves = new ArrayList<>();
        for (int node = 0; node < before.length; node++) {
            if (before[node] != after[node]) {
                moves.add(new Move(node, before[node], after[node]));
            }
        }
        return moves;
    }
}
