package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.placement.workload.Devices;
import dev.pipelinejob.placement.workload.Format;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.ReadOptions;
import dev.pipelinejob.placement.workload.Units;
import dev.pipelinejob.placement.workload.Workload;
import dev.pipelinejob.placement.workload.WorkloadReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Which inputs a benchmark suite has.
enum BenchSuite {
    /// The published throughput inputs: as they are, with corrected units, and on 16, 32 and 64 accelerators.
    SEED,
    /// Graphs with so many ideals that a proof is hard.
    WIDE,
    /// Copies of one graph behind each other: 50 thousand, 500 thousand and a million nodes.
    SCALE;

    private static final int[] MORE_ACCELERATORS = {16, 32, 64};
    private static final String BLOCK = "operator_bert_l-12_inference.json";
    private static final String WIDE_PROFILE = "pipedream_nasnetamobile.txt";

    /// One input of a suite.
    ///
    /// @param name what the table calls it
    /// @param workload the input
    record Case(String name, Workload workload) {}

    /// Reads the input only when its turn comes.
    interface Source {
        Case read() throws IOException;
    }

    static BenchSuite of(String word) {
        for (BenchSuite suite : values()) {
            if (suite.name().toLowerCase(Locale.ROOT).equals(word)) {
                return suite;
            }
        }
        throw new InvalidWorkload("Suite " + word + " is not built yet: give seed, wide or scale.");
    }

    List<Source> sources(Path folder) throws IOException {
        return switch (this) {
            case SEED -> seed(folder);
            case WIDE ->
                List.of(
                        () -> profile(folder, WIDE_PROFILE, 8),
                        () -> copies(folder, 8, new Devices(16, 0, Double.POSITIVE_INFINITY)));
            case SCALE ->
                List.of(
                        () -> copies(folder, 64, new Devices(24, 0, Double.POSITIVE_INFINITY)),
                        () -> copies(folder, 64, new Devices(100, 0, Double.POSITIVE_INFINITY)),
                        () -> copies(folder, 640, new Devices(100, 0, Double.POSITIVE_INFINITY)),
                        () -> copies(folder, 1332, new Devices(100, 0, Double.POSITIVE_INFINITY)));
        };
    }

    private static List<Source> seed(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.filter(BenchSuite::isThroughputInput).sorted().toList();
        }
        List<Source> sources = new ArrayList<>();
        for (Units units : Units.values()) {
            for (Path file : files) {
                sources.add(() -> published(file, units, 0));
            }
            for (int accelerators : MORE_ACCELERATORS) {
                for (Path file : files) {
                    sources.add(() -> published(file, units, accelerators));
                }
            }
        }
        return sources;
    }

    private static boolean isThroughputInput(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".json") && (name.startsWith("layer_") || name.startsWith("operator_"));
    }

    private static Case published(Path file, Units units, int accelerators) throws IOException {
        ReadOptions options = new ReadOptions(
                units,
                ReadOptions.DEFAULT_BANDWIDTH_BYTES_PER_SECOND,
                accelerators == 0 ? null : accelerators,
                null,
                null);
        Workload workload = WorkloadReader.read(file, Format.DNN_PARTITIONING, options);
        String name = String.valueOf(file.getFileName()).replace(".json", "");
        return new Case(name + " " + units.name().toLowerCase(Locale.ROOT), workload);
    }

    private static Case profile(Path folder, String name, int accelerators) throws IOException {
        ReadOptions options = new ReadOptions(
                Units.OFFICIAL, ReadOptions.DEFAULT_BANDWIDTH_BYTES_PER_SECOND, accelerators, null, null);
        return new Case(name.replace(".txt", ""), WorkloadReader.read(folder.resolve(name), Format.PIPEDREAM, options));
    }

    private static Case copies(Path folder, int copies, Devices devices) throws IOException {
        Workload block = WorkloadReader.read(folder.resolve(BLOCK), Format.DNN_PARTITIONING, ReadOptions.AS_IN_FILE);
        return new Case(copies + " x " + BLOCK.replace(".json", ""), Copies.inARow(block, copies, devices));
    }
}
