package dev.pipelinejob.operator.lifecycle;

import org.jspecify.annotations.Nullable;

/// Every worker of every attempt trains on the same data: what the first one found is what all must find.
final class DataPolicy {
    private DataPolicy() {}

    /// @param known the digest that the job began with; empty when this is the beginning
    /// @param found what the workers of this attempt found; empty when they do not agree
    static Finding.@Nullable Fatal check(String job, String known, String found) {
        if (found.isEmpty()) {
            return new Finding.Fatal(
                    "DataDiffers",
                    "The workers of job %s see different data: give every one of them the same files under spec.data."
                            .formatted(job),
                    true);
        }
        if (!known.isEmpty() && !known.equals(found)) {
            return new Finding.Fatal(
                    "DataChanged",
                    "The data of job %s has changed since it began: its SHA-256 is %s and was %s. Restore the old files, or start a new job with the new ones."
                            .formatted(job, found, known),
                    true);
        }
        return null;
    }
}
