package dev.pipelinejob.placement.replication;

import dev.pipelinejob.placement.workload.InvalidWorkload;
import java.util.List;

/// One level of a hierarchy of machines, as PipeDream knows them: so many groups of the level below, linked alike.
///
/// @param machines groups of the level below that make one group of this level
/// @param bandwidthBytesPerSecond between those groups
public record MachineLevel(int machines, double bandwidthBytesPerSecond) {
    /// More machines than this in one level are refused.
    public static final int MOST_MACHINES = 1 << 12;

    public MachineLevel {
        if (machines < 1 || machines > MOST_MACHINES) {
            throw new InvalidWorkload("A level has " + machines + " machines: allowed are 1 to " + MOST_MACHINES + ".");
        }
        if (!(bandwidthBytesPerSecond > 0)) {
            throw new InvalidWorkload("The bandwidth of a level is " + bandwidthBytesPerSecond
                    + " bytes per second: it must be above 0.");
        }
    }

    /// Devices in one group of the last level.
    public static long devices(List<MachineLevel> levels) {
        return levels.stream().mapToLong(MachineLevel::machines).reduce(1, Math::multiplyExact);
    }

    /// Milliseconds a byte of parameters costs when so many replicas bring it into line.
    double syncMillisPerByte(int replicas) {
        return 4.0 * (replicas - 1) / replicas / bandwidthBytesPerSecond * 1000;
    }
}
