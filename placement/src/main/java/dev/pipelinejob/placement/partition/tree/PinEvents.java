package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.partition.IntLists;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.Arrays;

/// What an order of the units does to tensors: for each position, the pins there and where their neighbours are.
///
/// A walk from a left end to the right uses them to keep, for the share between, what flows into it and out of it.
final class PinEvents {
    private final int[] start;
    private final int[] before;
    private final int[] first;
    private final int[] origin;
    private final boolean[] last;
    private final double[] bytes;
    private final int[] messages;

    /// Bytes that flow into the share, and tensors.
    double inBytes;

    double inMessages;

    /// Bytes that flow out of the share, and tensors.
    double outBytes;

    double outMessages;

    PinEvents(UnitGraph graph, Tensors tensors, int[] order) {
        int pins = tensors.pins().items().length;
        int[] positionOf = new int[graph.units()];
        for (int position = 0; position < order.length; position++) {
            positionOf[order[position]] = position;
        }
        this.start = new int[graph.units() + 1];
        this.before = new int[pins];
        this.first = new int[pins];
        this.origin = new int[pins];
        this.last = new boolean[pins];
        this.bytes = new double[pins];
        this.messages = new int[pins];
        for (int unit : tensors.pins().items()) {
            start[positionOf[unit] + 1]++;
        }
        for (int position = 0; position < graph.units(); position++) {
            start[position + 1] += start[position];
        }
        collect(tensors, positionOf);
    }

    private void collect(Tensors tensors, int[] positionOf) {
        IntLists pins = tensors.pins();
        int[] next = start.clone();
        for (int tensor = 0; tensor < tensors.count(); tensor++) {
            int[] sorted = new int[pins.size(tensor)];
            for (int index = 0; index < sorted.length; index++) {
                sorted[index] = positionOf[pins.item(pins.from(tensor) + index)];
            }
            Arrays.sort(sorted);
            for (int index = 0; index < sorted.length; index++) {
                int event = next[sorted[index]]++;
                before[event] = index == 0 ? -1 : sorted[index - 1];
                first[event] = sorted[0];
                last[event] = index == sorted.length - 1;
                origin[event] = positionOf[tensors.source()[tensor]];
                bytes[event] = tensors.bytes()[tensor];
                messages[event] = tensors.messages()[tensor];
            }
        }
    }

    /// Starts a share with nothing in it.
    void clear() {
        inBytes = 0;
        inMessages = 0;
        outBytes = 0;
        outMessages = 0;
    }

    /// Adds a position to the share that begins at `left` and ends just before it.
    void add(int position, int left) {
        for (int event = start[position]; event < start[position + 1]; event++) {
            boolean met = before[event] >= left;
            boolean whole = last[event] && first[event] >= left;
            if (origin[event] == position) {
                if (met) {
                    inBytes -= bytes[event];
                    inMessages -= messages[event];
                }
                if (!whole) {
                    outBytes += bytes[event];
                    outMessages += messages[event];
                }
            } else if (!met && (origin[event] < left || origin[event] > position)) {
                inBytes += bytes[event];
                inMessages += messages[event];
            } else if (whole) {
                outBytes -= bytes[event];
                outMessages -= messages[event];
            }
        }
    }
}
