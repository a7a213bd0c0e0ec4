package dev.pipelinejob.placement.partition;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Decides whether one order of the units can be cut into consecutive shares with no load above a limit.
///
/// Positions are taken from left to right. The load of the share from i to j is the work between them plus the nets
/// that meet it and stick out; as j moves over a pin, that changes for a suffix of the i only. The cheapest way to j
/// uses the fewest accelerators for each number of CPUs used.
final class OrderSplit {
    private static final int UNREACHED = Integer.MAX_VALUE;
    private static final long STEPS_AN_EVENT = 60;

    private final UnitGraph graph;
    private final int[] order;
    private final int layers;
    private final double[] workBefore;
    private final double[] cpuBefore;
    private final double[] bytesBefore;
    private final int[] eventStart;
    private final int[] eventFrom;
    private final double[] eventMillis;
    /// What each position adds to the values of all left ends at once.
    private final double[] offsetChange;
    private final PrefixMinimumTree tree;
    private final int[][] used;
    private final int[][] previous;
    /// Where the last share began in each layer; the next one often begins there, too.
    private final int[] lastLeft;

    OrderSplit(UnitGraph graph, int[] order) {
        this.graph = graph;
        this.order = order.clone();
        int units = graph.units;
        this.layers = Math.min(graph.cpus(), units) + 1;
        this.workBefore = new double[units + 1];
        this.cpuBefore = new double[units + 1];
        this.bytesBefore = new double[units + 1];
        for (int position = 0; position < units; position++) {
            int unit = order[position];
            workBefore[position + 1] = workBefore[position] + graph.work[unit];
            cpuBefore[position + 1] = cpuBefore[position] + graph.cpuWork[unit];
            bytesBefore[position + 1] = bytesBefore[position] + graph.bytes[unit];
        }
        this.eventStart = new int[units + 1];
        int pins = graph.pins.items().length;
        this.eventFrom = new int[pins + graph.nets()];
        this.eventMillis = new double[pins + graph.nets()];
        this.offsetChange = new double[units];
        collectEvents();
        this.tree = new PrefixMinimumTree(units + 1, layers);
        this.used = new int[layers][units + 1];
        this.previous = new int[layers][units + 1];
        this.lastLeft = new int[layers];
    }

    /// For each position, from which left end on the load of a share that now includes it changes, and by how much.
    private void collectEvents() {
        int units = graph.units;
        int[] positionOf = new int[units];
        for (int position = 0; position < units; position++) {
            positionOf[order[position]] = position;
        }
        int[] pins = graph.pins.items();
        int[] sorted = new int[pins.length];
        for (int pin = 0; pin < pins.length; pin++) {
            sorted[pin] = positionOf[pins[pin]];
        }
        int[] count = new int[units + 1];
        for (int net = 0; net < graph.nets(); net++) {
            int from = graph.pins.from(net);
            int end = graph.pins.end(net);
            Arrays.sort(sorted, from, end);
            offsetChange[sorted[from]] += graph.netMillis[net];
            offsetChange[sorted[end - 1]] -= graph.netMillis[net];
            for (int pin = from + 1; pin < end; pin++) {
                count[sorted[pin] + 1]++;
            }
            count[sorted[end - 1] + 1]++;
        }
        for (int position = 0; position < units; position++) {
            count[position + 1] += count[position];
        }
        System.arraycopy(count, 0, eventStart, 0, units + 1);
        for (int net = 0; net < graph.nets(); net++) {
            int from = graph.pins.from(net);
            int last = graph.pins.end(net) - 1;
            for (int pin = from + 1; pin <= last; pin++) {
                event(count[sorted[pin]]++, sorted[pin - 1] + 1, graph.netMillis[net]);
            }
            event(count[sorted[last]]++, sorted[from] + 1, graph.netMillis[net]);
        }
    }

    private void event(int index, int from, double millis) {
        eventFrom[index] = from;
        eventMillis[index] = millis;
    }

    /// What came of one decision.
    ///
    /// @param deviceOfUnit the split, or null when there is none
    /// @param nextMillis when there is none: no limit below this gives another answer
    @SuppressWarnings("ArrayRecordComponent") // passed on at once and never compared
    record Decision(int @Nullable [] deviceOfUnit, double nextMillis) {}

    /// About how much work a decision is.
    long steps() {
        return STEPS_AN_EVENT * (order.length + (long) eventFrom.length);
    }

    /// Whether all loads can be at most the limit, in this order.
    Decision decide(double limitMillis) {
        int units = graph.units;
        tree.clear();
        for (int layer = 0; layer < layers; layer++) {
            Arrays.fill(used[layer], UNREACHED);
        }
        Arrays.fill(lastLeft, 0);
        used[0][0] = 0;
        tree.setCost(0, 0, 0);
        tree.append(0, 0);
        double offset = 0;
        int from = 0;
        int cpuFrom = 0;
        int lastReached = 0;
        for (int end = 1; end <= units && lastReached >= Math.min(from, cpuFrom); end++) {
            int position = end - 1;
            for (int event = eventStart[position]; event < eventStart[end]; event++) {
                tree.addFrom(eventFrom[event], eventMillis[event]);
            }
            offset += offsetChange[position];
            from = firstLeft(from, end, limitMillis);
            cpuFrom = layers == 1 ? end : firstCpuLeft(cpuFrom, end, limitMillis);
            if (step(end, from, cpuFrom, limitMillis - workBefore[end] - offset)) {
                tree.append(end, -workBefore[end] - offset);
                lastReached = end;
            }
        }
        return answer(limitMillis);
    }

    private int firstLeft(int before, int end, double limitMillis) {
        int from = graph.supported[order[end - 1]] ? before : end;
        while (from < end && bytesBefore[end] - bytesBefore[from] > graph.memoryBytes()) {
            from++;
        }
        while (from < end && workBefore[end] - workBefore[from] > limitMillis) {
            tree.leastExcess = Math.min(tree.leastExcess, workBefore[end] - workBefore[from] - limitMillis);
            from++;
        }
        return from;
    }

    private int firstCpuLeft(int before, int end, double limitMillis) {
        int from = before;
        while (from < end && cpuBefore[end] - cpuBefore[from] > limitMillis) {
            tree.leastExcess = Math.min(tree.leastExcess, cpuBefore[end] - cpuBefore[from] - limitMillis);
            from++;
        }
        return from;
    }

    /// Finds the cheapest ways to a right end; whether there is any.
    private boolean step(int end, int from, int cpuFrom, double limit) {
        boolean reached = false;
        for (int layer = 0; layer < layers; layer++) {
            int cost = UNREACHED;
            int left = -1;
            if (from < end) {
                boolean again = tree.isCheapest(layer, lastLeft[layer], from, limit);
                left = again ? lastLeft[layer] : tree.cheapest(layer, from, limit);
            }
            if (left >= 0) {
                lastLeft[layer] = left;
                cost = used[layer][left] + 1;
            }
            int cpuLeft = layer > 0 && cpuFrom < end ? tree.cheapestIn(layer - 1, cpuFrom, end) : -1;
            if (cpuLeft >= 0 && used[layer - 1][cpuLeft] < cost) {
                cost = used[layer - 1][cpuLeft];
                left = ~cpuLeft;
            }
            if (cost <= graph.accelerators()) {
                used[layer][end] = cost;
                previous[layer][end] = left;
                tree.setCost(layer, end, cost);
                reached = true;
            }
        }
        return reached;
    }

    private Decision answer(double limitMillis) {
        int layer = 0;
        while (layer < layers && used[layer][graph.units] == UNREACHED) {
            layer++;
        }
        if (layer == layers) {
            return new Decision(null, limitMillis + tree.leastExcess);
        }
        int[] deviceOfUnit = new int[graph.units];
        int end = graph.units;
        while (end > 0) {
            int left = previous[layer][end];
            int from = left < 0 ? ~left : left;
            int device = left < 0 ? graph.accelerators() + layer - 1 : used[layer][end] - 1;
            for (int position = from; position < end; position++) {
                deviceOfUnit[order[position]] = device;
            }
            layer -= left < 0 ? 1 : 0;
            end = from;
        }
        return new Decision(deviceOfUnit, limitMillis);
    }
}
