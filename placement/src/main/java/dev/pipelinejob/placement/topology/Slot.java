package dev.pipelinejob.placement.topology;

/// A leaf: one unit of accelerator in one pod, filled by one worker.
///
/// @param name unique within its topology
/// @param portBytesPerSecond capacity of its own link, per direction; infinite when nothing limits it
/// @param portLatencyMicros time that crossing this link adds to a message
/// @param memoryBytes memory that one worker may use here
/// @param relativeSpeed compute speed; the reference device has 1
public record Slot(
        String name, double portBytesPerSecond, double portLatencyMicros, long memoryBytes, double relativeSpeed)
        implements Node {
    public Slot {
        if (name.isBlank()) {
            throw new IllegalArgumentException("A slot needs a name.");
        }
        Domain.requireLink(name, portBytesPerSecond, portLatencyMicros);
        if (memoryBytes <= 0) {
            throw new IllegalArgumentException(
                    "Slot " + name + " has memoryBytes " + memoryBytes + ": it must be above 0.");
        }
        if (!(relativeSpeed > 0) || relativeSpeed == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "Slot " + name + " has relativeSpeed " + relativeSpeed + ": it must be a finite number above 0.");
        }
    }
}
