package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.ReadOptions;
import dev.pipelinejob.placement.workload.Units;
import dev.pipelinejob.placement.workload.Workload;
import dev.pipelinejob.placement.workload.WorkloadReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A file and how to read it: what `solve` is asked and what a plan must say so that `verify` reads the same.
///
/// @param input the file
/// @param format its format
/// @param units how to read edge costs
/// @param bandwidthBytesPerSecond turns bytes into time where a format has bytes
/// @param accelerators instead of the file's number
/// @param cpus instead of the file's number
/// @param memoryBytes instead of the file's limit
record Question(
        Path input,
        InputFormat format,
        Units units,
        double bandwidthBytesPerSecond,
        @Nullable Integer accelerators,
        @Nullable Integer cpus,
        @Nullable Double memoryBytes) {
    Workload read() throws IOException {
        ReadOptions options = new ReadOptions(units, bandwidthBytesPerSecond, accelerators, cpus, memoryBytes);
        return WorkloadReader.read(input, format.format(), options);
    }

    static Units units(String word) {
        return switch (word) {
            case "official" -> Units.OFFICIAL;
            case "corrected" -> Units.CORRECTED;
            default -> throw new InvalidWorkload("There are no units " + word + ": give official or corrected.");
        };
    }

    String unitsWord() {
        return units.name().toLowerCase(Locale.ROOT);
    }
}
