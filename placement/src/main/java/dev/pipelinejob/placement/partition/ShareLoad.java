package dev.pipelinejob.placement.partition;

import java.util.Arrays;

/// The load of an accelerator's share while a walk makes it grow and shrink again, unit by unit.
///
/// Kept for each depth of the walk: the work, the nets that meet the share and stick out, and those among them that
/// also meet the start of the walk. Work and the latter only grow, so a share that they push above the limit is lost.
final class ShareLoad {
    private final UnitGraph graph;
    private final int[] inShare;
    private final boolean[] meetsStart;
    private final double[] work;
    private final double[] nets;
    private final double[] doomed;
    private final double[] cpuWork;
    private double limit;

    ShareLoad(UnitGraph graph) {
        this.graph = graph;
        this.inShare = new int[graph.nets()];
        this.meetsStart = new boolean[graph.nets()];
        this.work = new double[graph.units + 1];
        this.nets = new double[graph.units + 1];
        this.doomed = new double[graph.units + 1];
        this.cpuWork = new double[graph.units + 1];
    }

    void limitTo(double millis) {
        limit = millis;
    }

    /// Begins anew at an ideal.
    void begin(IdealLattice lattice, int start) {
        for (int net = 0; net < graph.nets(); net++) {
            meetsStart[net] = false;
            for (int pin = graph.pins.from(net); pin < graph.pins.end(net) && !meetsStart[net]; pin++) {
                meetsStart[net] = lattice.holds(start, graph.pins.item(pin));
            }
        }
        Arrays.fill(inShare, 0);
    }

    /// Whether the work alone allows a unit more.
    boolean hasRoomFor(int depth, int unit) {
        return work[depth] + graph.work[unit] <= limit;
    }

    /// Takes a unit one level deeper; whether larger shares can still be within the limit.
    boolean add(int depth, int unit) {
        double stickOut = nets[depth];
        double lost = doomed[depth];
        IntLists netsOfUnit = graph.netsOfUnit;
        for (int position = netsOfUnit.from(unit); position < netsOfUnit.end(unit); position++) {
            int net = netsOfUnit.item(position);
            if (inShare[net]++ == 0) {
                stickOut += graph.netMillis[net];
                lost += meetsStart[net] ? graph.netMillis[net] : 0;
            }
            if (inShare[net] == graph.pins.size(net)) {
                stickOut -= graph.netMillis[net];
            }
        }
        work[depth + 1] = work[depth] + graph.work[unit];
        nets[depth + 1] = stickOut;
        doomed[depth + 1] = lost;
        return work[depth + 1] + lost <= limit;
    }

    void remove(int unit) {
        IntLists netsOfUnit = graph.netsOfUnit;
        for (int position = netsOfUnit.from(unit); position < netsOfUnit.end(unit); position++) {
            inShare[netsOfUnit.item(position)]--;
        }
    }

    boolean fits(int depth) {
        return work[depth] + nets[depth] <= limit;
    }

    /// The same for a CPU, which pays for no transfer: takes a unit one level deeper; whether that fits.
    boolean addOnCpu(int depth, int unit) {
        cpuWork[depth + 1] = cpuWork[depth] + graph.cpuWork[unit];
        return cpuWork[depth + 1] <= limit;
    }
}
