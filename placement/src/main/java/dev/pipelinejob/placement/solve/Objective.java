package dev.pipelinejob.placement.solve;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Slot;

/// What a search minimises over all ways to lay layers on slots; infinite means: not allowed.
sealed interface Objective {
    PlaceCosts costs();

    /// One stage on a slot, with a number of stages behind it.
    double stage(Slot slot, int first, int end, int stagesBehind);

    /// The layers that a domain holds together.
    double domain(Domain domain, int first, int end);

    /// Of two parts together.
    double combine(double left, double right);

    /// The largest time between two micro-batches, over stages that fit into memory.
    record Bottleneck(PlaceCosts costs) implements Objective {
        @Override
        public double stage(Slot slot, int first, int end, int stagesBehind) {
            boolean fits = costs.neededBytes(first, end, stagesBehind + 1) <= slot.memoryBytes();
            return fits ? costs.micros(slot, first, end) : Double.POSITIVE_INFINITY;
        }

        @Override
        public double domain(Domain domain, int first, int end) {
            return costs.micros(domain, first, end);
        }

        @Override
        public double combine(double left, double right) {
            return Math.max(left, right);
        }
    }

    /// Among plans within a bottleneck, the most even one: the least sum of squared compute times.
    ///
    /// The squares are whole numbers of a fraction of the limit, so their sum is exact in any order. Equally
    /// even plans are then equal, and the first slots win.
    record Balance(Bottleneck bottleneck, double limitMicros) implements Objective {
        private static final double UNITS = 1L << 30;

        @Override
        public PlaceCosts costs() {
            return bottleneck.costs();
        }

        @Override
        public double stage(Slot slot, int first, int end, int stagesBehind) {
            if (bottleneck.stage(slot, first, end, stagesBehind) > limitMicros) {
                return Double.POSITIVE_INFINITY;
            }
            double share = limitMicros > 0 ? costs().computeMicros(slot, first, end) / limitMicros : 0;
            return Math.rint(share * share * UNITS);
        }

        @Override
        public double domain(Domain domain, int first, int end) {
            return bottleneck.domain(domain, first, end) > limitMicros ? Double.POSITIVE_INFINITY : 0;
        }

        @Override
        public double combine(double left, double right) {
            return left + right;
        }
    }

    /// The largest number of bytes that a stage lacks: for saying why nothing fits.
    record Shortage(PlaceCosts costs) implements Objective {
        @Override
        public double stage(Slot slot, int first, int end, int stagesBehind) {
            return Math.max(0, costs.neededBytes(first, end, stagesBehind + 1) - slot.memoryBytes());
        }

        @Override
        public double domain(Domain domain, int first, int end) {
            return 0;
        }

        @Override
        public double combine(double left, double right) {
            return Math.max(left, right);
        }
    }
}
