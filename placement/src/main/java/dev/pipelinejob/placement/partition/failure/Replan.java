package dev.pipelinejob.placement.partition.failure;

import java.util.ArrayList;
import java.util.List;

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

    static List<Move> between(int[] before, int[] after) {
        List<Move> moves = new ArrayList<>();
        for (int node = 0; node < before.length; node++) {
            if (before[node] != after[node]) {
                moves.add(new Move(node, before[node], after[node]));
            }
        }
        return moves;
    }
}
