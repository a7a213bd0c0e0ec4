package dev.pipelinejob.placement.partition;

import java.util.Arrays;

/// The ideals that a search has met: sets of units that hold, with each unit, all units before it.
///
/// Ideals are numbered as they are met; number 0 is the empty one. Each knows which units may be added next and, once
/// asked for, which ideals that leads to.
final class IdealLattice {
    /// Answered instead of a number when the memory that was allowed is used up.
    static final int FULL = -1;

    private static final int START = 1 << 10;
    private static final int UNKNOWN = -1;
    private static final int NOT_EXPANDED = -1;
    private static final int BYTES_PER_STATE = 64;
    private static final long BYTES_PER_CHILD = 8;
    private static final long BYTES_PER_PHASE = 16;

    private final UnitGraph[] phases;
    private final UnitGraph graph;
    private final int stride;
    private final long mostBytes;
    private long[] bits;
    private final double[][] work;
    private final double[][] crossing;
    private int[] parent = new int[START];
    private int[] added = new int[START];
    private int[] childStart = new int[START];
    private int[] childEnd = new int[START];
    private int[] childUnit = new int[START];
    private int[] childIdeal = new int[START];
    private int[] table = new int[4 * START];
    private int ideals;
    private int children;

    /// Ideals of the units that all phases share.
    IdealLattice(UnitGraph[] phases, long mostBytes) {
        this.phases = phases.clone();
        this.graph = phases[0];
        this.work = new double[phases.length][START];
        this.crossing = new double[phases.length][START];
        this.stride = (graph.units + 63) >> 6;
        this.mostBytes = mostBytes;
        this.bits = new long[START * stride];
        Arrays.fill(table, UNKNOWN);
        parent[0] = UNKNOWN;
        childStart[0] = NOT_EXPANDED;
        table[hash(0) & (table.length - 1)] = 0;
        ideals = 1;
    }

    int size() {
        return ideals;
    }

    /// Accelerator work of the supported units in the ideal.
    double work(int phase, int ideal) {
        return work[phase][ideal];
    }

    /// Cost of the nets with pins inside and outside the ideal.
    double crossing(int phase, int ideal) {
        return crossing[phase][ideal];
    }

    boolean holds(int ideal, int unit) {
        return (bits[ideal * stride + (unit >> 6)] >>> unit & 1) != 0;
    }

    boolean isWhole(int ideal) {
        int units = 0;
        for (int word = ideal * stride; word < (ideal + 1) * stride; word++) {
            units += Long.bitCount(bits[word]);
        }
        return units == graph.units;
    }

    int firstChild(int ideal) {
        if (childStart[ideal] == NOT_EXPANDED) {
            expand(ideal);
        }
        return childStart[ideal];
    }

    int endOfChildren(int ideal) {
        return childEnd[ideal];
    }

    boolean isExpanded(int ideal) {
        return childStart[ideal] != NOT_EXPANDED;
    }

    /// The unit that a child adds.
    int childUnit(int child) {
        return childUnit[child];
    }

    /// The ideal that a child leads to, if it was met; else negative.
    int knownChild(int child) {
        return childIdeal[child];
    }

    /// The ideal that a child leads to, or [#FULL].
    int child(int ideal, int child) {
        if (childIdeal[child] == UNKNOWN) {
            childIdeal[child] = with(ideal, childUnit[child]);
        }
        return childIdeal[child];
    }

    private void expand(int ideal) {
        int before = parent[ideal];
        int end = before < 0 ? 0 : childEnd[before];
        int most = graph.units == 0 ? 1 : children + graph.units + 1;
        if (most > childUnit.length) {
            int capacity = Math.max(most, childUnit.length + (childUnit.length >> 1));
            childUnit = Arrays.copyOf(childUnit, capacity);
            childIdeal = Arrays.copyOf(childIdeal, capacity);
        }
        childStart[ideal] = children;
        if (before < 0) {
            for (int unit = 0; unit < graph.units; unit++) {
                if (graph.predecessors.size(unit) == 0) {
                    addChild(unit);
                }
            }
        } else {
            for (int child = childStart[before]; child < end; child++) {
                if (childUnit[child] != added[ideal]) {
                    addChild(childUnit[child]);
                }
            }
            IntLists successors = graph.successors;
            for (int edge = successors.from(added[ideal]); edge < successors.end(added[ideal]); edge++) {
                if (isReady(ideal, successors.item(edge))) {
                    addChild(successors.item(edge));
                }
            }
        }
        childEnd[ideal] = children;
    }

    private void addChild(int unit) {
        childUnit[children] = unit;
        childIdeal[children++] = UNKNOWN;
    }

    private boolean isReady(int ideal, int unit) {
        IntLists predecessors = graph.predecessors;
        for (int edge = predecessors.from(unit); edge < predecessors.end(unit); edge++) {
            if (!holds(ideal, predecessors.item(edge))) {
                return false;
            }
        }
        return true;
    }

    private int with(int ideal, int unit) {
        if (!makeRoom()) {
            return FULL;
        }
        int from = ideals * stride;
        System.arraycopy(bits, ideal * stride, bits, from, stride);
        bits[from + (unit >> 6)] |= 1L << unit;
        int slot = hash(ideals) & (table.length - 1);
        while (table[slot] != UNKNOWN) {
            int other = table[slot] * stride;
            if (Arrays.equals(bits, other, other + stride, bits, from, from + stride)) {
                return table[slot];
            }
            slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = ideals;
        for (int phase = 0; phase < phases.length; phase++) {
            double added = graph.supported[unit] ? phases[phase].work[unit] : 0;
            work[phase][ideals] = work[phase][ideal] + added;
            crossing[phase][ideals] = crossing[phase][ideal] + crossingChange(phases[phase], ideal, unit);
        }
        parent[ideals] = ideal;
        added[ideals] = unit;
        childStart[ideals] = NOT_EXPANDED;
        return ideals++;
    }

    private double crossingChange(UnitGraph phase, int ideal, int unit) {
        double change = 0;
        for (int position = phase.netsOfUnit.from(unit); position < phase.netsOfUnit.end(unit); position++) {
            int net = phase.netsOfUnit.item(position);
            int inside = 0;
            for (int pin = phase.pins.from(net); pin < phase.pins.end(net); pin++) {
                inside += holds(ideal, phase.pins.item(pin)) ? 1 : 0;
            }
            change += inside == 0 ? phase.netMillis[net] : 0;
            change -= inside == phase.pins.size(net) - 1 ? phase.netMillis[net] : 0;
        }
        return change;
    }

    private boolean makeRoom() {
        if (children * BYTES_PER_CHILD > mostBytes) {
            return false;
        }
        if (ideals == parent.length) {
            int capacity = ideals + (ideals >> 1);
            long bytes = capacity * (stride * 8L + BYTES_PER_STATE + (phases.length - 1) * BYTES_PER_PHASE)
                    + childUnit.length * BYTES_PER_CHILD;
            if (bytes > mostBytes || (long) capacity * stride > Integer.MAX_VALUE - 8) {
                return false;
            }
            bits = Arrays.copyOf(bits, capacity * stride);
            for (int phase = 0; phase < phases.length; phase++) {
                work[phase] = Arrays.copyOf(work[phase], capacity);
                crossing[phase] = Arrays.copyOf(crossing[phase], capacity);
            }
            parent = Arrays.copyOf(parent, capacity);
            added = Arrays.copyOf(added, capacity);
            childStart = Arrays.copyOf(childStart, capacity);
            childEnd = Arrays.copyOf(childEnd, capacity);
        }
        if (2 * ideals > table.length) {
            table = new int[2 * table.length];
            Arrays.fill(table, UNKNOWN);
            for (int ideal = 0; ideal < ideals; ideal++) {
                int slot = hash(ideal) & (table.length - 1);
                while (table[slot] != UNKNOWN) {
                    slot = (slot + 1) & (table.length - 1);
                }
                table[slot] = ideal;
            }
        }
        return true;
    }

    private int hash(int ideal) {
        long hash = 1;
        for (int word = ideal * stride; word < (ideal + 1) * stride; word++) {
            hash = (hash ^ bits[word]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return (int) hash;
    }
}
