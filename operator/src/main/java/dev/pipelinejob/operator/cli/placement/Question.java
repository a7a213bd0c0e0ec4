package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.placement.partition.Contiguity;
import dev.pipelinejob.placement.partition.Objective;
import dev.pipelinejob.placement.partition.tree.Patience;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.ReadOptions;
import dev.pipelinejob.placement.workload.Units;
import dev.pipelinejob.placement.workload.Workload;
import dev.pipelinejob.placement.workload.WorkloadReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A file, how to read it and what to ask: what `solve` is told and what a plan must say so that `verify`
/// asks the same.
///
/// @param input the file
/// @param format its format
/// @param objective what makes a split good
/// @param contiguity what a device's share may look like
/// @param tree the links between devices; null when all are alike and far from each other
/// @param units how to read edge costs
/// @param bandwidthBytesPerSecond turns bytes into time where a format has bytes
/// @param accelerators instead of the file's number
/// @param cpus instead of the file's number
/// @param memoryBytes instead of the file's limit
record Question(
        Path input,
        InputFormat format,
        Objective objective,
        Contiguity contiguity,
        @Nullable Topology tree,
        Units units,
        double bandwidthBytesPerSecond,
        @Nullable Integer accelerators,
        @Nullable Integer cpus,
        @Nullable Double memoryBytes) {
    /// What a millisecond of an edge's cost stands for in files that have no bytes: 2 GiB a second.
    private static final double BYTES_PER_MILLI = 2_147_483.648;

    private static final double MILLIS_PER_SECOND = 1000;
    private static final double PERCENT = 100;

    Workload read() throws IOException {
        requireOneWordOnDevices();
        if (tree != null && (objective != Objective.THROUGHPUT || contiguity != Contiguity.CONTIGUOUS)) {
            throw new InvalidWorkload(
                    "On a tree, only contiguous splits for throughput are built: leave --topology out,"
                            + " or --objective and --contiguity.");
        }
        if (objective == Objective.DIFFMAXIMA && contiguity != Contiguity.CONTIGUOUS) {
            throw new InvalidWorkload(
                    "For diffmaxima, only contiguous splits are built: leave --contiguity out, or --objective.");
        }
        if (tree == null) {
            ReadOptions options = new ReadOptions(units, bandwidthBytesPerSecond, accelerators, cpus, memoryBytes);
            return WorkloadReader.read(input, format.format(), options);
        }
        // A tree says itself how many devices there are and what each holds, and counts bytes, so units are corrected.
        ReadOptions options = new ReadOptions(
                Units.CORRECTED,
                bandwidthBytesPerSecond,
                tree.slots().size(),
                0,
                tree.slots().stream()
                        .mapToDouble(slot -> slot.memoryBytes())
                        .max()
                        .orElse(0));
        return WorkloadReader.read(input, format.format(), options);
    }

    private void requireOneWordOnDevices() {
        if (tree != null
                && ((accelerators != null && accelerators != tree.slots().size())
                        || (cpus != null && cpus != 0)
                        || memoryBytes != null)) {
            throw new InvalidWorkload("The tree has " + tree.slots().size() + " leaves, each with its memory, and no"
                    + " CPU: leave --accelerators, --cpus and --memory-bytes out.");
        }
    }

    /// What one millisecond of an output's cost stands for on a tree: the bytes that the file means.
    double bytesPerMilli() {
        return format == InputFormat.DNN_PARTITIONING ? BYTES_PER_MILLI : bandwidthBytesPerSecond / MILLIS_PER_SECOND;
    }

    /// The same with edge costs read in these units.
    Question in(Units other) {
        return new Question(
                input,
                format,
                objective,
                contiguity,
                tree,
                other,
                bandwidthBytesPerSecond,
                accelerators,
                cpus,
                memoryBytes);
    }

    /// The same for shares of another shape.
    Question with(Contiguity other) {
        return new Question(
                input, format, objective, other, tree, units, bandwidthBytesPerSecond, accelerators, cpus, memoryBytes);
    }

    /// The same for what else makes a split good.
    Question with(Objective other) {
        return new Question(
                input,
                format,
                other,
                contiguity,
                tree,
                units,
                bandwidthBytesPerSecond,
                accelerators,
                cpus,
                memoryBytes);
    }

    /// When a search on a tree has done enough.
    ///
    /// @param gapPercent as a person asks for it; null for a good split soon
    static Patience patience(@Nullable Double gapPercent) {
        if (gapPercent != null && !(gapPercent >= 0 && gapPercent < PERCENT)) {
            throw new InvalidWorkload("A gap of " + gapPercent + " % is none: give 0 or more, and less than 100.");
        }
        return gapPercent == null ? Patience.SOON_BUT_SURE : Patience.until(gapPercent / PERCENT);
    }

    static Units units(String word) {
        return switch (word) {
            case "official" -> Units.OFFICIAL;
            case "corrected" -> Units.CORRECTED;
            default -> throw new InvalidWorkload("There are no units " + word + ": give official or corrected.");
        };
    }

    static Objective objective(String word) {
        return switch (word) {
            case "throughput" -> Objective.THROUGHPUT;
            case "diffmaxima" -> Objective.DIFFMAXIMA;
            case "latency" -> Objective.LATENCY;
            default ->
                throw new InvalidWorkload(
                        "There is no objective " + word + ": give throughput, diffmaxima or latency.");
        };
    }

    static Contiguity contiguity(String word) {
        return switch (word) {
            case "contiguous" -> Contiguity.CONTIGUOUS;
            case "any" -> Contiguity.ANY;
            default -> throw new InvalidWorkload("There is no contiguity " + word + ": give contiguous or any.");
        };
    }

    String unitsWord() {
        return (tree == null ? units : Units.CORRECTED).name().toLowerCase(Locale.ROOT);
    }
}
