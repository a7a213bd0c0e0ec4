package dev.pipelinejob.placement.partition;

import java.util.Arrays;

/// A workload on devices, and what is known about how good that is.
public final class Split {
    private final int[] deviceOfNode;
    private final double value;
    private final double lowerBound;
    private final BoundKind boundKind;

    public Split(int[] deviceOfNode, double value, double lowerBound, BoundKind boundKind) {
        this.deviceOfNode = deviceOfNode.clone();
        this.value = value;
        this.lowerBound = lowerBound;
        this.boundKind = boundKind;
    }

    /// Device of each node: accelerators first, then CPUs.
    public int[] deviceOfNode() {
        return deviceOfNode.clone();
    }

    /// The largest load of a device, in milliseconds.
    public double value() {
        return value;
    }

    /// No split of the bound's kind has a smaller value.
    public double lowerBound() {
        return lowerBound;
    }

    /// For which splits the lower bound holds.
    public BoundKind boundKind() {
        return boundKind;
    }

    /// How far the value may be above the best one, in percent of itself.
    public double gapPercent() {
        return value <= 0 ? 0 : Math.max(0, (value - lowerBound) / value * 100);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Split that
                && Arrays.equals(deviceOfNode, that.deviceOfNode)
                && Double.compare(value, that.value) == 0
                && Double.compare(lowerBound, that.lowerBound) == 0
                && boundKind == that.boundKind;
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(deviceOfNode) + Double.hashCode(value);
    }

    @Override
    public String toString() {
        return "Split of " + deviceOfNode.length + " nodes, value " + value + ", bound " + lowerBound + " ("
                + boundKind.word() + ")";
    }
}
