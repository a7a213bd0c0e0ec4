package dev.pipelinejob.placement.partition;

import java.util.Arrays;

/// Walks from one ideal to every larger one that a single device may be given the difference of.
///
/// Each ideal is visited once in a walk. An accelerator's share is given up as soon as its work and the nets that it
/// meets and that also meet the start are above the limit: both only grow. A CPU's share is given up by its work.
final class ShareWalk {
    private static final long STEPS_A_VISIT = 150;

    private final UnitGraph graph;
    private final IdealLattice lattice;
    private final SearchControl control;
    private final ShareLoad[] loads;
    private final int[] path;
    private final int[] nextChild;
    private final int[] unitOnPath;
    private final double[] bytesOnPath;
    private int[] stamp = new int[1];
    private int walk;
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

    /// Walks under one limit for each phase.
    ShareWalk(UnitGraph[] phases, IdealLattice lattice, SearchControl control) {
        this.graph = phases[0];
        this.lattice = lattice;
        this.control = control;
        this.loads = Arrays.stream(phases).map(ShareLoad::new).toArray(ShareLoad[]::new);
        this.path = new int[graph.units + 1];
        this.nextChild = new int[graph.units + 1];
        this.unitOnPath = new int[graph.units + 1];
        this.bytesOnPath = new double[graph.units + 1];
    }

    long visits() {
        return visits;
    }

    void limitTo(double[] millis) {
        for (int phase = 0; phase < loads.length; phase++) {
            loads[phase].limitTo(millis[phase]);
        }
    }

    End accelerator(int start, Visitor visitor) {
        for (ShareLoad load : loads) {
            load.begin(lattice, start);
        }
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
            double bytes = bytesOnPath[depth] + graph.bytes[unit];
            if (!graph.supported[unit] || bytes > graph.memoryBytes() || !haveRoomFor(depth, unit)) {
                continue;
            }
            int next = lattice.child(ideal, child);
            if (next == IdealLattice.FULL) {
                return End.FULL;
            }
            if (isVisited(next) || !add(depth, unit)) {
                continue;
            }
            depth++;
            enter(depth, next, unit);
            bytesOnPath[depth] = bytes;
            if (fit(depth)) {
                visitor.fits(next);
            }
            if ((++visits & 0xFFF) == 0 && isStopped()) {
                return End.STOPPED;
            }
        }
        return End.DONE;
    }

    End cpu(int start, Visitor visitor) {
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
            if (!addOnCpu(depth, unit)) {
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
            visitor.fits(next);
            if ((++visits & 0xFFF) == 0 && isStopped()) {
                return End.STOPPED;
            }
        }
        return End.DONE;
    }

    private boolean isStopped() {
        control.spend(STEPS_A_VISIT * 0x1000);
        return control.stopped();
    }

    private void begin(int start) {
        walk++;
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

    private boolean haveRoomFor(int depth, int unit) {
        for (ShareLoad load : loads) {
            if (!load.hasRoomFor(depth, unit)) {
                return false;
            }
        }
        return true;
    }

    /// Takes a unit where no phase is lost by it; whether it was taken.
    private boolean add(int depth, int unit) {
        boolean holds = true;
        for (ShareLoad load : loads) {
            holds &= load.add(depth, unit);
        }
        if (!holds) {
            remove(unit);
        }
        return holds;
    }

    private void remove(int unit) {
        for (ShareLoad load : loads) {
            load.remove(unit);
        }
    }

    private boolean fit(int depth) {
        for (ShareLoad load : loads) {
            if (!load.fits(depth)) {
                return false;
            }
        }
        return true;
    }

    private boolean addOnCpu(int depth, int unit) {
        boolean holds = true;
        for (ShareLoad load : loads) {
            holds &= load.addOnCpu(depth, unit);
        }
        return holds;
    }
}
