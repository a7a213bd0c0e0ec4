package dev.pipelinejob.placement.workload;

/// How to read the edge costs of a `dnn-partitioning` file.
///
/// Some published files give edge costs in seconds beside node times in milliseconds, so that they charge a
/// thousandth of each transfer.
public enum Units {
    /// As the file says, for comparison with published numbers.
    OFFICIAL,
    /// In milliseconds also where the file slipped.
    CORRECTED
}
