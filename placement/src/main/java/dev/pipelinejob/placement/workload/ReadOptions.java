package dev.pipelinejob.placement.workload;

import org.jspecify.annotations.Nullable;

/// What the person adds to a file, or says instead of it.
///
/// @param units how to read edge costs
/// @param bandwidthBytesPerSecond turns bytes into time where a format has bytes
/// @param accelerators instead of the file's number; needed where the format has none
/// @param cpus instead of the file's number, else 0
/// @param memoryBytes instead of the file's limit, else no limit
public record ReadOptions(
        Units units,
        double bandwidthBytesPerSecond,
        @Nullable Integer accelerators,
        @Nullable Integer cpus,
        @Nullable Double memoryBytes) {
    /// The host link that the published graphs assume, where they say bytes.
    public static final double DEFAULT_BANDWIDTH_BYTES_PER_SECOND = 25e9;

    /// Everything as the file says.
    public static final ReadOptions AS_IN_FILE =
            new ReadOptions(Units.OFFICIAL, DEFAULT_BANDWIDTH_BYTES_PER_SECOND, null, null, null);

    public ReadOptions {
        if (!(bandwidthBytesPerSecond > 0) || Double.isInfinite(bandwidthBytesPerSecond)) {
            throw new InvalidWorkload("The bandwidth is " + bandwidthBytesPerSecond
                    + " bytes per second: it must be a finite number above 0.");
        }
    }

    double millis(double bytes) {
        return bytes / bandwidthBytesPerSecond * 1000;
    }

    /// The devices, where the file states some of them and null stands for what it does not state.
    Devices devices(@Nullable Integer fileAccelerators, @Nullable Integer fileCpus, @Nullable Double fileMemory) {
        Integer wanted = accelerators == null ? fileAccelerators : accelerators;
        if (wanted == null) {
            throw new InvalidWorkload("This format does not say how many accelerators there are: add --accelerators.");
        }
        Integer wantedCpus = cpus == null ? fileCpus : cpus;
        Double wantedMemory = memoryBytes == null ? fileMemory : memoryBytes;
        return new Devices(
                wanted,
                wantedCpus == null ? 0 : wantedCpus,
                wantedMemory == null ? Double.POSITIVE_INFINITY : wantedMemory);
    }
}
