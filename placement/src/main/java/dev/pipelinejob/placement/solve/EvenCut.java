package dev.pipelinejob.placement.solve;

import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.List;

/// A plan without a search: the first slots, each with its share of the work.
final class EvenCut {
    private EvenCut() {}

    /// The pieces, or none when one does not fit into memory.
    static List<ChainSearch.Piece> pieces(PlaceCosts costs, Topology topology, int[] cuts, int count) {
        List<Slot> slots = topology.slots().subList(0, count);
        double speed = slots.stream().mapToDouble(Slot::relativeSpeed).sum();
        boolean again = costs.memory().rematerialize();
        double workMicros = costs.costs().microBatchMicros(0, cuts[cuts.length - 1], again);
        List<ChainSearch.Piece> pieces = new ArrayList<>();
        int from = 0;
        double share = 0;
        for (int index = 0; index < count; index++) {
            Slot slot = slots.get(index);
            share += slot.relativeSpeed() / speed;
            int lastTo = cuts.length - 1 - (count - 1 - index);
            int to = from + 1;
            while (to < lastTo && costs.costs().microBatchMicros(0, cuts[to], again) < share * workMicros) {
                to++;
            }
            to = index == count - 1 ? lastTo : to;
            if (costs.neededBytes(cuts[from], cuts[to], count - index) > slot.memoryBytes()) {
                return List.of();
            }
            pieces.add(new ChainSearch.Piece(slot, cuts[from], cuts[to]));
            from = to;
        }
        return pieces;
    }
}
