package dev.pipelinejob.placement.replication;

import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.workload.PiperProfile;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds stages with the least time a sample of the slowest, in Piper's cost model.
public final class StagePlanner {
    /// With more sets of layers than this, only those along a few orders are searched.
    private static final int MOST_SETS = 1_000;

    /// How many orders are tried then.
    private static final int MOST_ORDERS = 12;

    private static final double EXACT = 1e-9;
    private static final double CLOSE = 1e-5;
    private static final int MOST_PROBES = 200;
    private static final double[] FIRST_STEPS = {1.01, 1.05, 1.2, 1.5, 2, 4, 16, 256};

    private final Layers layers;
    private final SearchControl control;
    private final boolean complete;
    private final StageDecision decision;
    private StageDecision.@Nullable Chain best;
    private double high = Double.POSITIVE_INFINITY;
    private double low;
    private double proved;

    private StagePlanner(Layers layers, ClosedSets sets, SearchControl control) {
        this.layers = layers;
        this.control = control;
        this.complete = sets.isComplete();
        this.decision = new StageDecision(layers, sets, control);
        this.proved = decision.leastSeconds();
        this.low = proved;
    }

    /// The best plan found and what is known about it.
    public static PlanOutcome<StagePlan> plan(PiperProfile profile, SearchControl control) {
        FreeLayers free = FreeLayers.of(profile);
        PiperProfile rest = free.rest();
        return free.joined(rest, planAll(rest, control));
    }

    private static PlanOutcome<StagePlan> planAll(PiperProfile profile, SearchControl control) {
        Layers layers = new Layers(profile);
        StructuralOrder orders = new StructuralOrder(layers.targets(), layers.sources(), layers.fingerprints());
        ClosedSets sets = ClosedSets.of(layers.targets(), orders.order(0), MOST_SETS);
        StagePlanner first = new StagePlanner(layers, sets, control);
        PlanOutcome<StagePlan> outcome = first.search(Double.POSITIVE_INFINITY);
        double value = first.high;
        for (int salt = 1; !sets.isComplete() && salt < MOST_ORDERS && !control.stopped(); salt++) {
            StagePlanner other = new StagePlanner(layers, ClosedSets.along(orders.order(salt)), control);
            PlanOutcome<StagePlan> candidate = other.search(value);
            if (other.high < value) {
                outcome = candidate;
                value = other.high;
            }
        }
        return outcome;
    }

    /// @param ceiling only plans with less are of use
    private PlanOutcome<StagePlan> search(double ceiling) {
        boolean found = Double.isInfinite(ceiling) ? start() : probe(ceiling * (1 - CLOSE));
        if (!found) {
            boolean isRefused = isTooLarge() || (complete && !control.stopped());
            return isRefused ? new PlanOutcome.Infeasible<>(whyNothingFits()) : new PlanOutcome.OutOfTime<>();
        }
        for (int probe = 0; probe < MOST_PROBES && low < high * (1 - EXACT) && !control.stopped(); probe++) {
            boolean last = low >= high * (1 - CLOSE) || probe % 4 == 3;
            probe(last ? high * (1 - EXACT) : (low + high) / 2);
        }
        if (complete && proved < high * (1 - EXACT)) {
            prove();
        }
        StageDecision.Chain chain = best;
        if (chain == null) {
            return new PlanOutcome.OutOfTime<>();
        }
        double bound = Math.min(proved, high);
        StagePlan plan = new StagePlan(chain.stages(), high, bound, complete);
        return bound >= high * (1 - EXACT) ? new PlanOutcome.Optimal<>(plan) : new PlanOutcome.Feasible<>(plan);
    }

    /// Looks for any plan, under growing limits.
    private boolean start() {
        double least = decision.leastSeconds();
        for (double factor : FIRST_STEPS) {
            if (least > 0 && probe(least * factor)) {
                return true;
            }
        }
        return probe(Double.MAX_VALUE);
    }

    private boolean probe(double limit) {
        StageDecision.Chain found = decision.within(limit, false);
        if (found != null) {
            if (found.value() < high) {
                best = found;
                high = found.value();
            }
            return true;
        }
        if (!control.stopped()) {
            low = Math.max(low, limit);
            if (complete && !decision.isOpen()) {
                proved = Math.max(proved, limit);
            }
        }
        return false;
    }

    /// Raises the bound where not every choice of ways could be decided.
    private void prove() {
        double refusedAtMost = high;
        for (int probe = 0; probe < MOST_PROBES && proved < refusedAtMost * (1 - EXACT); probe++) {
            double limit = probe == 0 ? high * (1 - EXACT) : (proved + refusedAtMost) / 2;
            if (decision.within(limit, true) != null) {
                refusedAtMost = limit;
            } else if (!control.stopped()) {
                proved = Math.max(proved, limit);
            } else {
                return;
            }
        }
    }

    /// Whether some layer fits on no device, or all layers together need more bytes than all devices have: each of the
    /// devices that share a layer holds what the layer needs at its degree.
    private boolean isTooLarge() {
        double memory = layers.profile().fleet().memoryBytes();
        double all = 0;
        for (int layer = 0; layer < layers.size(); layer++) {
            double least = Double.POSITIVE_INFINITY;
            for (int degree = 0; degree < layers.degrees().length; degree++) {
                for (Layers.Way way : layers.ways(degree, layer)) {
                    double bytes = way.bytesPerMicroBatch() + way.bytes();
                    least = bytes <= memory ? Math.min(least, layers.degrees()[degree] * bytes) : least;
                }
            }
            all += least;
        }
        return all > layers.profile().fleet().devices() * memory * (1 + EXACT);
    }

    private String whyNothingFits() {
        double memory = layers.profile().fleet().memoryBytes();
        for (int layer = 0; layer < layers.size(); layer++) {
            double least = Double.POSITIVE_INFINITY;
            for (int degree = 0; degree < layers.degrees().length; degree++) {
                for (Layers.Way way : layers.ways(degree, layer)) {
                    least = Math.min(least, way.bytesPerMicroBatch() + way.bytes());
                }
            }
            if (least > memory) {
                return String.format(
                        Locale.ROOT,
                        "Node %s needs at least %.0f bytes on a device, but a device has %.0f.",
                        layers.profile().nodes().get(layer).id(),
                        least,
                        memory);
            }
        }
        return String.format(
                Locale.ROOT,
                "No stages fit: %d devices with %.0f bytes each are too few or too small.",
                layers.profile().fleet().devices(),
                memory);
    }
}
