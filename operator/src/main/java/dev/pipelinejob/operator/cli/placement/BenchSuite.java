package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.placement.partition.Contiguity;
import dev.pipelinejob.placement.partition.Objective;
import dev.pipelinejob.placement.partition.tree.TreePartitioner;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Devices;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.ReadOptions;
import dev.pipelinejob.placement.workload.Units;
import dev.pipelinejob.placement.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which inputs a benchmark suite has.
enum BenchSuite {
    /// The published throughput inputs: as they are, with corrected units, and on 16, 32 and 64 accelerators.
    SEED,
    /// Graphs with so many ideals that a proof is hard.
    WIDE,
    /// Copies of one graph behind each other: 50 thousand, 500 thousand and a million nodes.
    SCALE,
    /// The published throughput inputs with shares of any shape.
    NONCONTIGUOUS,
    /// The published latency inputs, against the best split for throughput.
    LATENCY,
    /// Trees of links, equal and unequal, against the best split that knows no uplinks.
    TREE;

    private static final int[] MORE_ACCELERATORS = {16, 32, 64};
    private static final String BLOCK = "operator_bert_l-12_inference.json";
    private static final String WIDE_PROFILE = "pipedream_nasnetamobile.txt";
    private static final int UNEVEN_TREES = 6;

    /// One input of a suite.
    ///
    /// @param name what the table calls it
    /// @param question what is asked
    /// @param workload the input
    record Case(String name, Question question, Workload workload) {}

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
        throw new InvalidWorkload("There is no suite " + word + ": give " + words() + ".");
    }

    private static String words() {
        return Arrays.stream(values())
                        .map(suite -> suite.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "))
                + ", simulation, failure, piper, pipedream";
    }

    /// The inputs of the suite.
    ///
    /// @param seed of what is made at random
    List<Source> sources(Path folder, long seed) throws IOException {
        return switch (this) {
            case SEED -> seed(folder);
            case NONCONTIGUOUS -> scattered(folder);
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
            case LATENCY -> latency(folder.resolve("latency"));
            case TREE -> trees(folder, seed);
        };
    }

    private static List<Source> seed(Path folder) throws IOException {
        List<Path> files = throughputInputs(folder);
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

    private static List<Path> throughputInputs(Path folder) throws IOException {
        try (Stream<Path> listed = Files.list(folder)) {
            return listed.filter(BenchSuite::isThroughputInput).sorted().toList();
        }
    }

    private static List<Source> scattered(Path folder) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (Path file : throughputInputs(folder)) {
            sources.add(() -> {
                Question question = question(file, null, null).with(Contiguity.ANY);
                return new Case(shortName(file), question, question.read());
            });
        }
        return sources;
    }

    private static List<Source> latency(Path folder) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (Path file : throughputInputs(folder)) {
            sources.add(() -> {
                Question question = question(file, null, null).with(Objective.LATENCY);
                return new Case(shortName(file), question, question.read());
            });
        }
        return sources;
    }

    private static boolean isThroughputInput(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".json") && (name.startsWith("layer_") || name.startsWith("operator_"));
    }

    private static List<Source> trees(Path folder, long seed) {
        int[][] fanOut = {{2, 2, 4}, {2, 4, 4}, {2, 4, 8}};
        double[][] links = {{2.9, 11.6, 93}, {1, 5.8, 93}, {2.9, 11.6, 93}};
        List<Source> sources = new ArrayList<>();
        for (String name : List.of(BLOCK, WIDE_PROFILE)) {
            for (int tree = 0; tree < fanOut.length; tree++) {
                Topology even = BenchTrees.even(fanOut[tree], links[tree]);
                String text = Arrays.toString(fanOut[tree]) + " " + Arrays.toString(links[tree]);
                sources.add(() -> onTree(folder.resolve(name), even, text.replace(", ", "/")));
            }
        }
        for (String name : List.of(BLOCK, "layer_gnmt_inference.json", "operator_bert_l-3_training.json")) {
            for (long tree = seed; tree < seed + UNEVEN_TREES; tree++) {
                Topology uneven = BenchTrees.uneven(tree);
                String text = "uneven " + tree;
                sources.add(() -> onTree(folder.resolve(name), uneven, text));
            }
            for (long tree = seed; tree < seed + UNEVEN_TREES; tree++) {
                Topology mixed = BenchTrees.mixed(tree);
                String text = "mixed " + tree;
                sources.add(() -> onTree(folder.resolve(name), mixed, text));
            }
        }
        sources.add(() -> {
            Topology large = BenchTrees.even(new int[] {8, 8, 8, 8}, new double[] {6, 12, 24, 93});
            Workload graph = copies(folder, 64, TreePartitioner.devices(large)).workload();
            return new Case("64 x bert_l-12 [8/8/8/8]", question(folder.resolve(BLOCK), large, null), graph);
        });
        return sources;
    }

    private static Case onTree(Path file, Topology tree, String text) throws IOException {
        Question question = question(file, tree, null);
        return new Case(shortName(file) + " " + text, question, question.read());
    }

    private static String shortName(Path file) {
        return String.valueOf(file.getFileName()).replaceAll("\\.(json|txt)$", "");
    }

    private static Question question(Path file, @Nullable Topology tree, @Nullable Integer accelerators) {
        boolean profile = String.valueOf(file.getFileName()).startsWith("pipedream");
        return new Question(
                file,
                profile ? InputFormat.PIPEDREAM : InputFormat.DNN_PARTITIONING,
                Objective.THROUGHPUT,
                Contiguity.CONTIGUOUS,
                tree,
                Units.OFFICIAL,
                ReadOptions.DEFAULT_BANDWIDTH_BYTES_PER_SECOND,
                accelerators,
                null,
                null);
    }

    private static Case published(Path file, Units units, int accelerators) throws IOException {
        Question question =
                question(file, null, accelerators == 0 ? null : accelerators).in(units);
        return new Case(shortName(file) + " " + question.unitsWord(), question, question.read());
    }

    private static Case profile(Path folder, String name, int accelerators) throws IOException {
        Question question = question(folder.resolve(name), null, accelerators);
        return new Case(shortName(folder.resolve(name)), question, question.read());
    }

    private static Case copies(Path folder, int copies, Devices devices) throws IOException {
        Question question = question(folder.resolve(BLOCK), null, null);
        Workload graph = Copies.inARow(question.read(), copies, devices);
        return new Case(copies + " x " + shortName(folder.resolve(BLOCK)), question, graph);
    }
}
