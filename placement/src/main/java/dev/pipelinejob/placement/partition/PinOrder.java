package dev.pipelinejob.placement.partition;

import java.util.Arrays;

/// An order of the units in which few nets are open at a time: begun, but not ended.
///
/// The next unit is the one that leaves the fewest nets open; among equals, one of the net that was opened first.
final class PinOrder {
    private final UnitGraph graph;
    private final boolean[] counts;
    private final int[] left;
    private final int[] openedAt;
    private final boolean[] placed;
    private final int[] candidates;
    private final boolean[] isCandidate;
    private int candidateCount;

    private PinOrder(UnitGraph graph, boolean[] counts) {
        this.graph = graph;
        this.counts = counts.clone();
        this.left = new int[graph.nets()];
        Arrays.setAll(left, graph.pins::size);
        this.openedAt = new int[graph.nets()];
        Arrays.fill(openedAt, Integer.MAX_VALUE);
        this.placed = new boolean[graph.units];
        this.candidates = new int[graph.units];
        this.isCandidate = new boolean[graph.units];
    }

    /// The order, going by some of the nets only.
    ///
    /// @param counts which nets matter
    static int[] of(UnitGraph graph, boolean[] counts) {
        return new PinOrder(graph, counts).order();
    }

    private int[] order() {
        int[] order = new int[graph.units];
        int fresh = 0;
        for (int position = 0; position < order.length; position++) {
            int unit = best();
            while (unit < 0) {
                unit = placed[fresh] ? -1 : fresh;
                fresh++;
            }
            order[position] = unit;
            place(unit, position);
        }
        return order;
    }

    private int best() {
        int best = -1;
        int kept = 0;
        for (int index = 0; index < candidateCount; index++) {
            int unit = candidates[index];
            if (!placed[unit]) {
                candidates[kept++] = unit;
                best = best < 0 || isBefore(unit, best) ? unit : best;
            }
        }
        candidateCount = kept;
        return best;
    }

    private boolean isBefore(int unit, int other) {
        int difference = openedBy(unit) - openedBy(other);
        if (difference != 0) {
            return difference < 0;
        }
        int opened = Integer.compare(firstOpened(unit), firstOpened(other));
        return opened != 0 ? opened < 0 : unit < other;
    }

    /// How many more nets are open once the unit is placed.
    private int openedBy(int unit) {
        int change = 0;
        for (int index = graph.netsOfUnit.from(unit); index < graph.netsOfUnit.end(unit); index++) {
            int net = graph.netsOfUnit.item(index);
            if (counts[net]) {
                boolean isOpen = openedAt[net] != Integer.MAX_VALUE;
                change += isOpen ? 0 : 1;
                change -= left[net] == 1 ? 1 : 0;
            }
        }
        return change;
    }

    private int firstOpened(int unit) {
        int first = Integer.MAX_VALUE;
        for (int index = graph.netsOfUnit.from(unit); index < graph.netsOfUnit.end(unit); index++) {
            first = Math.min(first, openedAt[graph.netsOfUnit.item(index)]);
        }
        return first;
    }

    private void place(int unit, int position) {
        placed[unit] = true;
        for (int index = graph.netsOfUnit.from(unit); index < graph.netsOfUnit.end(unit); index++) {
            int net = graph.netsOfUnit.item(index);
            left[net]--;
            if (counts[net] && openedAt[net] == Integer.MAX_VALUE) {
                openedAt[net] = position;
                for (int pin = graph.pins.from(net); pin < graph.pins.end(net); pin++) {
                    int other = graph.pins.item(pin);
                    if (!isCandidate[other]) {
                        isCandidate[other] = true;
                        candidates[candidateCount++] = other;
                    }
                }
            }
        }
    }
}
