package dev.pipelinejob.placement.partition;

import java.util.Arrays;

/// The load of a share of consecutive units while it grows to the left, one position at a time.
public final class GrowingLoad {
    private final UnitGraph graph;
    private final int[] order;
    /// For each pin, by position: the net's cost, its next pin, its last pin, and whether this is its first.
    private final int[] start;

    private final double[] netMillis;
    private final int[] nextPin;
    private final int[] lastPin;
    private final boolean[] isFirst;

    private int end;
    private double work;
    private double cpuWork;
    private double nets;
    private double lost;

    /// Loads of shares of one order.
    public GrowingLoad(UnitGraph graph, int[] order) {
        this.graph = graph;
        this.order = order;
        int pins = graph.pins().items().length;
        this.start = new int[order.length + 1];
        this.netMillis = new double[pins];
        this.nextPin = new int[pins];
        this.lastPin = new int[pins];
        this.isFirst = new boolean[pins];
        int[] positionOf = new int[order.length];
        for (int position = 0; position < order.length; position++) {
            positionOf[order[position]] = position;
            start[position + 1] = start[position] + graph.netsOfUnit().size(order[position]);
        }
        int[] free = Arrays.copyOf(start, order.length);
        for (int net = 0; net < graph.nets(); net++) {
            collect(net, positionOf, free);
        }
    }

    private void collect(int net, int[] positionOf, int[] free) {
        IntLists pins = graph.pins();
        int[] sorted = Arrays.copyOfRange(pins.items(), pins.from(net), pins.end(net));
        for (int pin = 0; pin < sorted.length; pin++) {
            sorted[pin] = positionOf[sorted[pin]];
        }
        Arrays.sort(sorted);
        for (int pin = 0; pin < sorted.length; pin++) {
            int slot = free[sorted[pin]]++;
            netMillis[slot] = graph.netMillis(net);
            nextPin[slot] = pin + 1 < sorted.length ? sorted[pin + 1] : Integer.MAX_VALUE;
            lastPin[slot] = sorted[sorted.length - 1];
            isFirst[slot] = pin == 0;
        }
    }

    /// Begins with nothing in front of a position.
    public void begin(int newEnd) {
        end = newEnd;
        work = 0;
        cpuWork = 0;
        nets = 0;
        lost = 0;
    }

    /// Takes a position more; whether larger shares can still be within the limit.
    public boolean add(int position, double limit) {
        work += graph.work(order[position]);
        for (int slot = start[position]; slot < start[position + 1]; slot++) {
            boolean sticksOut = lastPin[slot] >= end;
            if (nextPin[slot] >= end) {
                nets += netMillis[slot];
                lost += sticksOut ? netMillis[slot] : 0;
            }
            if (isFirst[slot] && !sticksOut) {
                nets -= netMillis[slot];
            }
        }
        return work + lost <= limit;
    }

    /// The load of what was taken.
    public double millis() {
        return work + nets;
    }

    /// Takes a position more on a CPU; its load.
    public double addOnCpu(int position) {
        cpuWork += graph.cpuWork(order[position]);
        return cpuWork;
    }
}
