package dev.pipelinejob.placement.partition;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides exactly whether a contiguous split with no load above a limit exists.
///
/// A contiguous split is a chain of ideals, one step a device. The search reaches ideals with few accelerators before
/// ideals with more, for each number of CPUs used.
///
/// *Dominated boundaries.* Let the unit x be addable to the ideal J, and let its work be at least the cost of the nets
/// that hold x and do not meet J. Then whatever completes J also completes J with x, by taking x out of its share:
/// the share loses x's work and at most these nets become cut, no other share changes, CPUs only lose work. So J need
/// not be continued where J with x is reached with no more devices.
///
/// *Phases.* The same units may have loads of several kinds, each with its limit: forward and backward, for example.
/// Then x must be worth taking in each, and what holds of one load above holds of each.
public final class IdealSearch {
    private static final int UNREACHED = Integer.MAX_VALUE;
    private static final long STEPS_AN_IDEAL = 1_000;

    private final UnitGraph graph;
    private final SearchControl control;
    private final UnitGraph[] phases;
    private final Bounds[] bounds;
    private final IdealLattice lattice;
    private final ShareWalk walk;
    private final boolean[] worthTaking;
    private final int layers;
    private final int[][] used;
    private final int[][] previous;
    private int[] verdict = new int[1];
    private int round;
    private final double[][] relief;
    private double[] limits = new double[0];
    private int whole;
    private int wholeLayer;

    IdealSearch(UnitGraph graph, SearchControl control) {
        this(List.of(graph), control);
    }

    /// Searches splits of the units that all phases share.
    public IdealSearch(List<UnitGraph> phases, SearchControl control) {
        this.phases = phases.toArray(UnitGraph[]::new);
        this.graph = this.phases[0];
        this.control = control;
        this.bounds = phases.stream().map(Bounds::new).toArray(Bounds[]::new);
        this.lattice = new IdealLattice(this.phases, control.mostBytes());
        this.walk = new ShareWalk(this.phases, lattice, control);
        this.layers = Math.min(graph.cpus(), graph.units) + 1;
        this.used = new int[layers][1];
        this.previous = new int[layers][1];
        this.relief = new double[bounds.length][layers];
        this.worthTaking = new boolean[graph.units];
        for (int unit = 0; unit < graph.units; unit++) {
            worthTaking[unit] = true;
            for (UnitGraph phase : phases) {
                worthTaking[unit] &= isWorthTaking(phase, unit);
            }
        }
    }

    /// What came of a decision: a split, proof that there is none, or neither.
    ///
    /// @param deviceOfUnit the split, when there is one
    /// @param isDecided whether there is a split or provably none
    @SuppressWarnings("ArrayRecordComponent") // passed on at once and never compared
    public record Decision(int @Nullable [] deviceOfUnit, boolean isDecided) {
        /// Whether there is provably no split.
        public boolean isRefusal() {
            return deviceOfUnit == null && isDecided;
        }
    }

    long visits() {
        return walk.visits();
    }

    int ideals() {
        return lattice.size();
    }

    /// Whether the unit's work outweighs every net of it that may not meet an ideal to which it can be added.
    private static boolean isWorthTaking(UnitGraph phase, int unit) {
        double fresh = 0;
        IntLists nets = phase.netsOfUnit;
        for (int position = nets.from(unit); position < nets.end(unit); position++) {
            int net = nets.item(position);
            boolean meetsIdeal = false;
            for (int pin = phase.pins.from(net); pin < phase.pins.end(net) && !meetsIdeal; pin++) {
                meetsIdeal = Arrays.binarySearch(
                                phase.predecessors.items(),
                                phase.predecessors.from(unit),
                                phase.predecessors.end(unit),
                                phase.pins.item(pin))
                        >= 0;
            }
            fresh += meetsIdeal ? 0 : phase.netMillis[net];
        }
        return phase.work[unit] >= fresh;
    }

    /// Whether a contiguous split exists with all loads of each phase at most the phase's limit.
    public Decision decide(double... limitMillis) {
        limits = limitMillis.clone();
        walk.limitTo(limits);
        whole = -1;
        for (int layer = 0; layer < layers; layer++) {
            Arrays.fill(used[layer], UNREACHED);
            for (int phase = 0; phase < limits.length; phase++) {
                relief[phase][layer] = bounds[phase].relief(layer, limits[phase]);
            }
        }
        used[0][0] = 0;
        IntQueue[] now = queues();
        now[0].add(0);
        for (int accelerators = 0; accelerators <= graph.accelerators(); accelerators++) {
            IntQueue[] next = queues();
            for (int layer = 0; layer < layers; layer++) {
                ShareWalk.End end = continueAll(now, next, layer, accelerators);
                if (whole >= 0) {
                    return new Decision(split(), true);
                }
                if (end != ShareWalk.End.DONE) {
                    return new Decision(null, false);
                }
            }
            now = next;
        }
        return new Decision(null, true);
    }

    private IntQueue[] queues() {
        IntQueue[] queues = new IntQueue[layers];
        Arrays.setAll(queues, _ -> new IntQueue());
        return queues;
    }

    private ShareWalk.End continueAll(IntQueue[] now, IntQueue[] next, int layer, int accelerators) {
        round++;
        IntQueue queue = now[layer];
        for (int index = 0; index < queue.size(); index++) {
            control.spend(STEPS_AN_IDEAL);
            if (control.stopped()) {
                return ShareWalk.End.STOPPED;
            }
            int ideal = queue.get(index);
            if (isDominated(ideal, layer, accelerators)) {
                continue;
            }
            ShareWalk.End end = ShareWalk.End.DONE;
            if (accelerators < graph.accelerators()) {
                end = walk.accelerator(ideal, larger -> reach(larger, layer, accelerators + 1, ideal, next[layer]));
            }
            if (end == ShareWalk.End.DONE && layer + 1 < layers && whole < 0) {
                end = walk.cpu(ideal, larger -> reach(larger, layer + 1, accelerators, ~ideal, now[layer + 1]));
            }
            if (end != ShareWalk.End.DONE || whole >= 0) {
                return end;
            }
        }
        return ShareWalk.End.DONE;
    }

    private void reach(int ideal, int layer, int accelerators, int from, IntQueue queue) {
        makeRoom(ideal);
        if (isReached(ideal, layer, accelerators) || !canBeCompleted(ideal, layer, accelerators)) {
            return;
        }
        used[layer][ideal] = accelerators;
        previous[layer][ideal] = from;
        queue.add(ideal);
        if (whole < 0 && lattice.isWhole(ideal)) {
            whole = ideal;
            wholeLayer = layer;
        }
    }

    private boolean isReached(int ideal, int layer, int accelerators) {
        for (int lower = 0; lower <= layer; lower++) {
            if (ideal < used[lower].length && used[lower][ideal] <= accelerators) {
                return true;
            }
        }
        return false;
    }

    /// Whether the devices left could do the rest, going by its work and, once no CPU is left, by the nets to it.
    private boolean canBeCompleted(int ideal, int layer, int accelerators) {
        int cpusLeft = layers - 1 - layer;
        int acceleratorsLeft = graph.accelerators() - accelerators;
        for (int phase = 0; phase < limits.length; phase++) {
            double rest = bounds[phase].supportedWork() - lattice.work(phase, ideal);
            double need = rest + (cpusLeft == 0 ? lattice.crossing(phase, ideal) : 0);
            double have = acceleratorsLeft * limits[phase] + relief[phase][cpusLeft];
            if (need > have * (1 + 1e-12) + 1e-12) {
                return false;
            }
        }
        return true;
    }

    private boolean isDominated(int ideal, int layer, int accelerators) {
        if (ideal >= verdict.length) {
            verdict = Arrays.copyOf(verdict, Math.max(lattice.size(), 2 * verdict.length));
        }
        if (Math.abs(verdict[ideal]) == round) {
            return verdict[ideal] > 0;
        }
        verdict[ideal] = -round;
        if (!lattice.isExpanded(ideal)) {
            return false;
        }
        int end = lattice.endOfChildren(ideal);
        for (int child = lattice.firstChild(ideal); child < end; child++) {
            int larger = lattice.knownChild(child);
            if (larger >= 0
                    && worthTaking[lattice.childUnit(child)]
                    && (isReached(larger, layer, accelerators) || isDominated(larger, layer, accelerators))) {
                verdict[ideal] = round;
                return true;
            }
        }
        return false;
    }

    private void makeRoom(int ideal) {
        if (ideal >= used[0].length) {
            int capacity = Math.max(ideal + 1, used[0].length * 2);
            for (int layer = 0; layer < layers; layer++) {
                int before = used[layer].length;
                used[layer] = Arrays.copyOf(used[layer], capacity);
                previous[layer] = Arrays.copyOf(previous[layer], capacity);
                Arrays.fill(used[layer], before, capacity, UNREACHED);
            }
        }
    }

    private int[] split() {
        int[] deviceOfUnit = new int[graph.units];
        int ideal = whole;
        int layer = wholeLayer;
        while (ideal != 0) {
            int from = previous[layer][ideal];
            int smaller = from < 0 ? ~from : from;
            int device = from < 0 ? graph.accelerators() + layer - 1 : used[layer][ideal] - 1;
            for (int unit = 0; unit < graph.units; unit++) {
                if (lattice.holds(ideal, unit) && !lattice.holds(smaller, unit)) {
                    deviceOfUnit[unit] = device;
                }
            }
            layer -= from < 0 ? 1 : 0;
            ideal = smaller;
        }
        return deviceOfUnit;
    }
}
