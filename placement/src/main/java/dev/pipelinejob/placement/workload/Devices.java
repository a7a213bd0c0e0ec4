package dev.pipelinejob.placement.workload;

/// What a workload may be placed on.
///
/// @param accelerators how many accelerators there are
/// @param cpus how many CPUs there are; a CPU has no memory limit and pays for no transfer
/// @param memoryBytes what fits on one accelerator; infinite when nothing limits it
public record Devices(int accelerators, int cpus, double memoryBytes) {
    /// The most accelerators or CPUs that a workload may be placed on.
    public static final int MOST = 65_536;

    public Devices {
        requireCount(accelerators, "accelerators");
        requireCount(cpus, "CPUs");
        if (accelerators + cpus == 0) {
            throw new InvalidWorkload("There are 0 accelerators and 0 CPUs: at least one device is needed.");
        }
        if (!(memoryBytes >= 0)) {
            throw new InvalidWorkload(
                    "The memory of an accelerator is " + memoryBytes + " bytes: it must be a number, 0 or more.");
        }
    }

    private static void requireCount(int count, String what) {
        if (count < 0 || count > MOST) {
            throw new InvalidWorkload("There are " + count + " " + what + ": allowed are 0 to " + MOST + ".");
        }
    }
}
