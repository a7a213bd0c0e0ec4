package dev.pipelinejob.placement.partition;

import java.util.Arrays;

/// Walks from one ideal to every larger one that a single device may be given the difference of.
///
/// Each ideal is visited once in a walk. An accelerator's share is given up as soon as its work and the nets that it
/// meets and that also meet the start are above the limit: both only grow. A CPU's share is given up by its work.
final class ShareWalk {
    private final UnitGraph graph;
    private final IdealLattice lattice;
    private final SearchControl control;
    private final int[] inShare;
    private final boolean[] meetsStart;
    private final int[] path;
    private final int[] nextChild;
    private final int[] unitOnPath;
    private final double[] load;
    private final double[] netsOnPath;
    private final double[] doomedOnPath;
    private final double[] bytesOnPath;
    private int[] stamp = new int[1];
    private int walk;
    private double nets;
    private double doomed;
    private long visits;

    /// What a walk met.
    enum End {
        DONE,
        STOPPED,
        FULL
    }

    /// Told of each ideal whose difference to the start is a share that fits.
    interface Visitor {
        void fits(int ideal);
    }

    ShareWalk(UnitGraph graph, IdealLattice lattice, SearchControl control) {
        this.graph = graph;
        this.lattice = lattice;
        this.control = control;
        this.inShare = new int[graph.nets()];
        this.meetsStart = new boolean[graph.nets()];
        this.path = new int[graph.units + 1];
        this.nextChild = new int[graph.units + 1];
        this.unitOnPath = new int[graph.units + 1];
        this.load = new double[graph.units + 1];
        this.netsOnPath = new double[graph.units + 1];
        this.doomedOnPath = new double[graph.units + 1];
        this.bytesOnPath = new double[graph.units + 1];
    }

    long visits() {
        return visits;
    }

    End accelerator(int start, double limit, Visitor visitor) {
        noteMeeting(start);
        begin(start);
        int depth = 0;
        while (depth >= 0) {
            int ideal = path[depth];
            if (nextChild[depth] == lattice.endOfChildren(ideal)) {
                if (depth > 0) {
                    remove(unitOnPath[depth]);
                }
                depth--;
                continue;
            }
            int child = nextChild[depth]++;
            int unit = lattice.childUnit(child);
            double work = load[depth] + graph.work[unit];
            double bytes = bytesOnPath[depth] + graph.bytes[unit];
            if (!graph.supported[unit] || work > limit || bytes > graph.memoryBytes()) {
                continue;
            }
            int next = lattice.child(ideal, child);
            if (next == IdealLattice.FULL) {
                return End.FULL;
            }
            if (isVisited(next)) {
                continue;
            }
            nets = netsOnPath[depth];
            doomed = doomedOnPath[depth];
            add(unit);
            if (work + doomed > limit) {
                remove(unit);
                continue;
            }
            depth++;
            enter(depth, next, unit);
            load[depth] = work;
            bytesOnPath[depth] = bytes;
            netsOnPath[depth] = nets;
            doomedOnPath[depth] = doomed;
            if (work + nets <= limit) {
                visitor.fits(next);
            }
            if ((++visits & 0xFFF) == 0 && control.stopped()) {
                return End.STOPPED;
            }
        }
        return End.DONE;
    }

    End cpu(int start, double limit, Visitor visitor) {
        begin(start);
        int depth = 0;
        while (depth >= 0) {
            int ideal = path[depth];
            if (nextChild[depth] == lattice.endOfChildren(ideal)) {
                depth--;
                continue;
            }
            int child = nextChild[depth]++;
            int unit = lattice.childUnit(child);
            double work = load[depth] + graph.cpuWork[unit];
            if (work > limit) {
                continue;
            }
            int next = lattice.child(ideal, child);
            if (next == IdealLattice.FULL) {
                return End.FULL;
            }
            if (isVisited(next)) {
                continue;
            }
            depth++;
            enter(depth, next, unit);
            load[depth] = work;
            visitor.fits(next);
            if ((++visits & 0xFFF) == 0 && control.stopped()) {
                return End.STOPPED;
            }
        }
        return End.DONE;
    }

    private void noteMeeting(int start) {
        for (int net = 0; net < graph.nets(); net++) {
            meetsStart[net] = false;
            for (int pin = graph.pins.from(net); pin < graph.pins.end(net) && !meetsStart[net]; pin++) {
                meetsStart[net] = lattice.holds(start, graph.pins.item(pin));
            }
        }
        Arrays.fill(inShare, 0);
    }

    private void begin(int start) {
        walk++;
        load[0] = 0;
        netsOnPath[0] = 0;
        doomedOnPath[0] = 0;
        bytesOnPath[0] = 0;
        enter(0, start, -1);
    }

    private void enter(int depth, int ideal, int unit) {
        path[depth] = ideal;
        nextChild[depth] = lattice.firstChild(ideal);
        unitOnPath[depth] = unit;
    }

    private boolean isVisited(int ideal) {
        if (ideal >= stamp.length) {
            stamp = Arrays.copyOf(stamp, Math.max(ideal + 1, stamp.length + (stamp.length >> 1)));
        }
        boolean visited = stamp[ideal] == walk;
        stamp[ideal] = walk;
        return visited;
    }

    private void add(int unit) {
        IntLists netsOfUnit = graph.netsOfUnit;
        for (int position = netsOfUnit.from(unit); position < netsOfUnit.end(unit); position++) {
            int net = netsOfUnit.item(position);
            if (inShare[net]++ == 0) {
                nets += graph.netMillis[net];
                doomed += meetsStart[net] ? graph.netMillis[net] : 0;
            }
            if (inShare[net] == graph.pins.size(net)) {
                nets -= graph.netMillis[net];
            }
        }
    }

    private void remove(int unit) {
        IntLists netsOfUnit = graph.netsOfUnit;
        for (int position = netsOfUnit.from(unit); position < netsOfUnit.end(unit); position++) {
            inShare[netsOfUnit.item(position)]--;
        }
    }
}
