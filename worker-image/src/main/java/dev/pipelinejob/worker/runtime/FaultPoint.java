package dev.pipelinejob.worker.runtime;

/// Every place that an attempt passes, told to whoever wants to make it fail there. {@link #NONE} lets all pass.
@FunctionalInterface
public interface FaultPoint {
    /// Prepare has begun; its step is the one to resume from.
    String PREPARE = "PREPARE";
    /// The first tensor of a part has been written and the others have not.
    String PART_HALF_WRITTEN = "PART_HALF_WRITTEN";

    /// No faults: how everybody runs but chaos tests.
    FaultPoint NONE = (_, _, _, _) -> {};

    /// Called on the compute thread, right before the place's work.
    ///
    /// @param place {@link #PREPARE}, {@link #PART_HALF_WRITTEN} or the name of an operation's kind
    void pass(String place, int step, int rank, int attempt);
}
