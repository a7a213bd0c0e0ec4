package dev.pipelinejob.placement.replication;

import java.util.Arrays;
import java.util.List;

/// What no plan is below in PipeDream's cost model, whatever the order of layers.
///
/// Under a limit, a layer is in a stage whose replicas at each level leave it within the limit alone. It then takes its
/// work and its syncs on the devices that run it, at the least of all such numbers of replicas. All layers together
/// cannot take more than all devices have. The bound is the least limit for which that holds.
final class LevelBound {
    private static final int PROBES = 60;

    private final List<MachineLevel> levels;
    private final double millis;
    private final double bytes;

    private LevelBound(List<MachineLevel> levels, double millis, double bytes) {
        this.levels = levels;
        this.millis = millis;
        this.bytes = bytes;
    }

    static double of(List<MachineLevel> levels, double[] millis, double[] parameterBytes) {
        double devices = MachineLevel.devices(levels);
        double low = Arrays.stream(millis).sum() / devices;
        double high = Math.max(low, Arrays.stream(millis).sum());
        for (int probe = 0; probe < PROBES && low < high; probe++) {
            double limit = (low + high) / 2;
            double total = 0;
            for (int layer = 0; layer < millis.length && total <= limit * devices; layer++) {
                total += new LevelBound(levels, millis[layer], parameterBytes[layer]).least(limit, 0, millis[layer], 0);
            }
            if (total > limit * devices) {
                low = limit;
            } else {
                high = limit;
            }
        }
        return low;
    }

    /// The least device time of the layer over all replicas from this level on; infinite when none keeps the limit.
    ///
    /// @param time of the layer alone on one group of this level
    /// @param synced device time of the syncs below
    private double least(double limit, int level, double time, double synced) {
        if (level == levels.size()) {
            return time <= limit ? millis + synced : Double.POSITIVE_INFINITY;
        }
        double machinesBelow = level == 0 ? 1 : levels.get(level - 1).machines();
        double devicesBelow = MachineLevel.devices(levels.subList(0, level));
        double least = Double.POSITIVE_INFINITY;
        for (int replicas = 1; replicas <= levels.get(level).machines(); replicas++) {
            double sync = levels.get(level).syncMillisPerByte(replicas) * bytes / machinesBelow;
            least = Math.min(least, least(limit, level + 1, (time + sync) / replicas, synced + sync * devicesBelow));
        }
        return least;
    }
}
