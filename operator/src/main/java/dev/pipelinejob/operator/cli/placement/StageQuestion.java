package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.placement.replication.MachineLevel;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.PipeDreamProfile;
import dev.pipelinejob.placement.workload.PiperProfile;
import dev.pipelinejob.placement.workload.ReadOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A question for stages that may be replicated, in the cost model of the format's own planner.
///
/// @param input the file
/// @param format `piper` or `pipedream`
/// @param tree levels of machines, for PipeDream's model; null when there is one level
/// @param accelerators instead of the file's number
/// @param memoryBytes instead of the file's limit
/// @param bandwidthBytesPerSecond instead of the file's
/// @param microBatches instead of the file's number
record StageQuestion(
        Path input,
        InputFormat format,
        @Nullable Topology tree,
        @Nullable Integer accelerators,
        @Nullable Double memoryBytes,
        @Nullable Double bandwidthBytesPerSecond,
        @Nullable Integer microBatches) {
    StageQuestion {
        boolean pipeDream = format == InputFormat.PIPEDREAM;
        if (!pipeDream && format != InputFormat.PIPER) {
            throw new InvalidWorkload(
                    "Replicated stages are planned for formats piper and pipedream, not for " + format.word() + ".");
        }
        if (!pipeDream && tree != null) {
            throw new InvalidWorkload("Piper's model knows one bandwidth for all devices: leave --topology out.");
        }
        if (pipeDream && (memoryBytes != null || microBatches != null)) {
            throw new InvalidWorkload("PipeDream's model has no memory limit and no micro-batches:"
                    + " leave --memory-bytes and --micro-batches out.");
        }
        if (tree != null && (accelerators != null || bandwidthBytesPerSecond != null)) {
            throw new InvalidWorkload("The tree says itself how many leaves there are and how they are linked:"
                    + " leave --accelerators and --bandwidth out.");
        }
    }

    /// The model that `plan.json` names.
    String model() {
        return format.word();
    }

    PiperProfile piper() throws IOException {
        try (InputStream stream = open()) {
            return PiperProfile.read(
                    stream,
                    new PiperProfile.FleetOptions(accelerators, memoryBytes, bandwidthBytesPerSecond, microBatches));
        }
    }

    PipeDreamProfile pipeDream() throws IOException {
        try (InputStream stream = open()) {
            return PipeDreamProfile.read(stream);
        }
    }

    private InputStream open() throws IOException {
        if (!Files.isRegularFile(input)) {
            throw new InvalidWorkload("There is no file " + input + ".");
        }
        if (Files.size(input) > StagePlanFile.MOST_FILE_BYTES) {
            throw new InvalidWorkload("File " + input + " is longer than " + StagePlanFile.MOST_FILE_BYTES + " bytes.");
        }
        return Files.newInputStream(input);
    }

    /// Levels of machines, the innermost first.
    List<MachineLevel> levels() {
        if (tree != null) {
            List<MachineLevel> levels = new ArrayList<>();
            collect(tree.root(), levels);
            return levels;
        }
        if (accelerators == null) {
            throw new InvalidWorkload("A PipeDream profile does not say how many accelerators there are:"
                    + " add --accelerators or --topology.");
        }
        double bandwidth = bandwidthBytesPerSecond == null
                ? ReadOptions.DEFAULT_BANDWIDTH_BYTES_PER_SECOND
                : bandwidthBytesPerSecond;
        return List.of(new MachineLevel(accelerators, bandwidth));
    }

    /// Adds the levels at and below a domain, whose children must all be alike.
    private static void collect(Domain domain, List<MachineLevel> levels) {
        List<MachineLevel> below = new ArrayList<>();
        double bandwidth = 0;
        for (int child = 0; child < domain.children().size(); child++) {
            Node node = domain.children().get(child);
            List<MachineLevel> own = new ArrayList<>();
            double link =
                    switch (node) {
                        case Slot slot -> slot.portBytesPerSecond();
                        case Domain inner -> {
                            collect(inner, own);
                            yield inner.uplinkBytesPerSecond();
                        }
                    };
            if (child > 0 && (link != bandwidth || !own.equals(below))) {
                throw new InvalidWorkload("PipeDream's model knows levels of equal machines, but children of "
                        + domain.name() + " differ.");
            }
            bandwidth = link;
            below = own;
        }
        levels.addAll(below);
        levels.add(new MachineLevel(domain.children().size(), bandwidth));
    }
}
