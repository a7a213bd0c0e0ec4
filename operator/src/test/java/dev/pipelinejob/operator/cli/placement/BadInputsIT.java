package dev.pipelinejob.operator.cli.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Every input of `solve` and `verify`, spoilt at random: whatever it is, the answer is a plan or a few sentences.
class BadInputsIT {
    private static final int SPOILT = Integer.getInteger("placement.spoilt", 60);
    private static final long MOST_MILLIS = 60_000;
    private static final int MOST_SENTENCES = 21;
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");

    private static final String GRAPH = """
            {"maxSizePerFPGA": 10, "maxFPGAs": 2, "maxCPUs": 1,
             "nodes": [
              {"id": 7, "supportedOnFpga": 1, "cpuLatency": 30, "fpgaLatency": 3, "isBackwardNode": 0, "colorClass": 1, "size": 4},
              {"id": 8, "supportedOnFpga": 1, "cpuLatency": 30, "fpgaLatency": 2, "isBackwardNode": 0, "size": 4},
              {"id": 9, "supportedOnFpga": 1, "cpuLatency": 30, "fpgaLatency": 4, "isBackwardNode": 1, "colorClass": 1, "size": 4}],
             "edges": [{"sourceId": 7, "destId": 8, "cost": 1}, {"sourceId": 8, "destId": 9, "cost": 0.5}]}
            """;

    private static final String OWN = """
            {"name": "chain", "costSource": "Estimated", "layers": [
              {"name": "a", "forwardMicros": 1000, "backwardMicros": 2000, "parameterBytes": 8, "activationBytes": 25e6},
              {"name": "b", "forwardMicros": 3000, "backwardMicros": 3000, "parameterBytes": 8, "activationBytes": 1,
               "tied": [{"group": "g", "parameterBytes": 8}]}]}
            """;

    private static final String PIPEDREAM = """
            node1 -- Input0 -- forward_compute_time=0.000, backward_compute_time=0.000, activation_size=0.0, parameter_size=0.000
            node2 -- Conv -- forward_compute_time=1.5, backward_compute_time=2.5, activation_size=200.0, parameter_size=400.000
            node3 -- Tuple -- forward_compute_time=1.5, backward_compute_time=2.5, activation_size=[20.0; 30.0], parameter_size=0.000
            node4 -- Linear -- forward_compute_time=4.5, backward_compute_time=2.5, activation_size=2.0, parameter_size=900.000
            \tnode1 -- node2
            \tnode2 -- node3
            \tnode3 -- node4
            """;

    private static final String PIPER = """
            {"maxDevices": 4, "maxMemoryPerDevice": 1000.0, "bandwidth": 100.0, "mbsInBatch": 8,
             "nodes": [
              {"id": 0, "name": "a", "TMPCs": {"1": [{"id": "vanilla", "timePerSample": 2.5, "parameterSize": 40.0,
                "memoryUsageA": 20.0, "memoryUsageB": 8.0, "syncTimeFw": {}, "syncTimeBw": {"1": 0.5}}],
               "2": [{"id": "vanilla", "timePerSample": 1.5, "parameterSize": 20.0,
                "memoryUsageA": 10.0, "memoryUsageB": 4.0, "syncTimeFw": {}, "syncTimeBw": {"1": 0.5}}]}},
              {"id": 1, "name": "b", "TMPCs": {"1": [{"id": "vanilla", "timePerSample": 3.5, "parameterSize": 40.0,
                "memoryUsageA": 20.0, "memoryUsageB": 8.0, "syncTimeFw": {"0": 0.5}, "syncTimeBw": {}}]}}],
             "edges": [{"sourceId": 0, "destId": 1, "communicationCost": 12.5}]}
            """;

    private static final String TREE = """
            {"name": "root", "children": [
              {"name": "a", "uplinkBytesPerSecond": 1e8, "latencyMicros": 5, "children": [
                {"name": "a1", "portBytesPerSecond": 1e9, "memoryBytes": 64, "speed": 1},
                {"name": "a2", "portBytesPerSecond": 1e9, "memoryBytes": 64, "speed": 1}]},
              {"name": "b", "uplinkBytesPerSecond": 1e8, "latencyMicros": 5, "children": [
                {"name": "b1", "portBytesPerSecond": 1e9, "memoryBytes": 64},
                {"name": "b2", "portBytesPerSecond": 1e9, "memoryBytes": 64}]}]}
            """;

    private static final String LEVELS = TREE.replace("\"memoryBytes\": 64", "\"memoryBytes\": 64000000000");

    private static final List<String> NUMBERS = List.of(
            "-1",
            "NaN",
            "Infinity",
            "-Infinity",
            "1e400",
            "1e308",
            "-0.0",
            "0",
            "1e-320",
            "0.5",
            "2147483648",
            "9223372036854775808",
            "123456789012345678901234567890",
            "\"x\"",
            "null",
            "true",
            "[]",
            "{}",
            "",
            "1e",
            "--");

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter err = new StringWriter();
    private final List<Throwable> thrown = new ArrayList<>();

    /// What is asked of the command line.
    ///
    /// @param format of the input
    /// @param input its text
    /// @param tree of links; empty for none
    /// @param more options
    private record Ask(String format, String input, String tree, List<String> more) {}

    private static final List<Ask> ASKS = List.of(
            new Ask("dnn-partitioning", GRAPH, "", List.of()),
            new Ask("dnn-partitioning", GRAPH, "", List.of("--contiguity", "any")),
            new Ask("dnn-partitioning", GRAPH, TREE, List.of("--units", "corrected")),
            new Ask("dnn-partitioning", GRAPH, "", List.of("--objective", "diffmaxima", "--cpus", "0")),
            new Ask("dnn-partitioning", GRAPH.replace("Node\": 1", "Node\": 0"), "", List.of("--objective", "latency")),
            new Ask("graph", OWN, "", List.of("--accelerators", "2")),
            new Ask("graph", OWN, LEVELS, List.of()),
            new Ask("pipedream", PIPEDREAM, "", List.of("--accelerators", "2")),
            new Ask("pipedream", PIPEDREAM, "", List.of("--accelerators", "4", "--replicate")),
            new Ask("pipedream", PIPEDREAM, LEVELS, List.of("--replicate")),
            new Ask("piper", PIPER, "", List.of()),
            new Ask("piper", PIPER, "", List.of("--replicate")));

    private int run(String... arguments) {
        return new CommandLine(new PlacementCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(new StringWriter(), true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((exception, _, _) -> {
                    thrown.add(exception);
                    return 70;
                })
                .execute(arguments);
    }

    private int solve(Ask ask, String input, String tree, String time) throws IOException {
        Path file = Files.writeString(folder.resolve("input"), input);
        List<String> arguments = new ArrayList<>(List.of(
                "solve", "--input", file.toString(), "--format", ask.format(), "--time-limit", time, "--output"));
        arguments.add(folder.resolve("plan.json").toString());
        arguments.addAll(ask.more());
        if (!ask.tree().isEmpty()) {
            arguments.add("--topology");
            arguments.add(Files.writeString(folder.resolve("tree"), tree).toString());
        }
        return run(arguments.toArray(String[]::new));
    }

    private int verify(Ask ask, String plan) throws IOException {
        Path file = Files.writeString(folder.resolve("spoilt.json"), plan);
        List<String> arguments = new ArrayList<>(List.of(
                "verify", file.toString(), "--input", folder.resolve("input").toString()));
        if (!ask.tree().isEmpty()) {
            arguments.add("--topology");
            arguments.add(folder.resolve("tree").toString());
        }
        return run(arguments.toArray(String[]::new));
    }

    private static String spoilt(String text, SplittableRandom random) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + 1 + random.nextInt(30));
        return switch (random.nextInt(8)) {
            case 0 -> text.substring(0, at);
            case 1 -> text.substring(0, at) + text.substring(end);
            case 2 -> text.substring(0, end) + text.substring(at);
            case 3 -> text.substring(0, at) + "{}[],:\"-\t\n\\x".charAt(random.nextInt(12)) + text.substring(at);
            case 4 -> withoutLine(text, random);
            default -> withNumber(text, random);
        };
    }

    private static String withoutLine(String text, SplittableRandom random) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        String line = lines.remove(random.nextInt(lines.size()));
        if (random.nextBoolean() && !lines.isEmpty()) {
            lines.add(random.nextInt(lines.size()), line);
        }
        return String.join("\n", lines);
    }

    private static String withNumber(String text, SplittableRandom random) {
        List<int[]> places = new ArrayList<>();
        Matcher matcher = NUMBER.matcher(text);
        while (matcher.find()) {
            places.add(new int[] {matcher.start(), matcher.end()});
        }
        if (places.isEmpty()) {
            return text;
        }
        int[] place = places.get(random.nextInt(places.size()));
        return text.substring(0, place[0]) + NUMBERS.get(random.nextInt(NUMBERS.size())) + text.substring(place[1]);
    }

    private void requireSentences(String what, int code, long start) {
        assertThat(thrown).as(what).isEmpty();
        assertThat(code).as(what).isBetween(0, 2);
        String told = err.toString();
        assertThat(told).as(what).doesNotContain("Exception", "\tat ", "Error:");
        assertThat(told.lines().count()).as(what + told).isLessThanOrEqualTo(MOST_SENTENCES);
        if (code != 0) {
            assertThat(told).as(what).isNotBlank();
            assertThat(told.strip()).as(what).endsWith(".");
        }
        assertThat((System.nanoTime() - start) / 1_000_000).as(what).isLessThan(MOST_MILLIS);
        err.getBuffer().setLength(0);
    }

    @Test
    void spoiltInputsAndTreesAreSolvedOrRefusedInASentence() throws IOException {
        for (int number = 0; number < ASKS.size(); number++) {
            Ask ask = ASKS.get(number);
            for (int seed = 0; seed < SPOILT; seed++) {
                SplittableRandom random = new SplittableRandom(1_000L * seed + number);
                boolean spoilsTree = !ask.tree().isEmpty() && random.nextBoolean();
                String input = spoilsTree ? ask.input() : spoilt(ask.input(), random);
                String tree = spoilsTree ? spoilt(ask.tree(), random) : ask.tree();
                long start = System.nanoTime();
                int code = solve(ask, input, tree, "100ms");
                requireSentences(
                        "ask " + number + ", seed " + seed + ": " + ask.more() + "\n" + input + tree, code, start);
                if (code == 0) {
                    code = verify(ask, Files.readString(folder.resolve("plan.json")));
                    boolean hasSplit =
                            Files.readString(folder.resolve("plan.json")).contains("\"value\"");
                    requireSentences("verify, ask " + number + ", seed " + seed + "\n" + input + tree, code, start);
                    assertThat(code)
                            .as("ask " + number + ", seed " + seed + "\n" + input + tree)
                            .isEqualTo(hasSplit ? 0 : 2);
                }
            }
        }
    }

    @Test
    void spoiltPlansHoldOrAreRefusedInSentences() throws IOException {
        for (int number = 0; number < ASKS.size(); number++) {
            Ask ask = ASKS.get(number);
            assertThat(solve(ask, ask.input(), ask.tree(), "30s"))
                    .as("ask " + number + err)
                    .isZero();
            String plan = Files.readString(folder.resolve("plan.json"));
            for (int seed = 0; seed < SPOILT; seed++) {
                String wrong = spoilt(plan, new SplittableRandom(1_000L * seed + number));
                long start = System.nanoTime();
                int code = verify(ask, wrong);
                requireSentences("ask " + number + ", seed " + seed + "\n" + wrong, code, start);
            }
        }
    }
}
