package dev.pipelinejob.operator.cli.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class PlacementCommandIT {
    private static final String GRAPH = """
            {"maxSizePerFPGA": 10, "maxFPGAs": 2, "maxCPUs": 0,
             "nodes": [
              {"id": 7, "supportedOnFpga": 1, "cpuLatency": 30, "fpgaLatency": 3, "isBackwardNode": 0, "size": 4},
              {"id": 8, "supportedOnFpga": 1, "cpuLatency": 30, "fpgaLatency": 2, "isBackwardNode": 0, "size": 4},
              {"id": 9, "supportedOnFpga": 1, "cpuLatency": 30, "fpgaLatency": 4, "isBackwardNode": 0, "size": 4}],
             "edges": [{"sourceId": 7, "destId": 8, "cost": 1}, {"sourceId": 8, "destId": 9, "cost": 0.5}]}
            """;

    private static final String TREE = """
            {"name": "root", "children": [
              {"name": "a", "uplinkBytesPerSecond": 1e8, "latencyMicros": 5, "children": [
                {"name": "a1", "portBytesPerSecond": 1e9, "memoryBytes": 64, "speed": 1},
                {"name": "a2", "portBytesPerSecond": 1e9, "memoryBytes": 64, "speed": 1}]},
              {"name": "b", "uplinkBytesPerSecond": 1e8, "children": [
                {"name": "b1", "portBytesPerSecond": 1e9, "memoryBytes": 64},
                {"name": "b2", "portBytesPerSecond": 1e9, "memoryBytes": 64, "speed": 0.5}]}]}
            """;

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path input = Path.of("");
    private Path plan = Path.of("");

    @BeforeEach
    void writeGraph() throws IOException {
        input = Files.writeString(folder.resolve("graph.json"), GRAPH);
        plan = folder.resolve("plan.json");
    }

    private int run(String... arguments) {
        return new CommandLine(new PlacementCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private int solve(String... more) {
        String[] arguments = new String[7 + more.length];
        System.arraycopy(
                new String[] {
                    "solve", "--input", input.toString(), "--format", "dnn-partitioning", "--output", plan.toString()
                },
                0,
                arguments,
                0,
                7);
        System.arraycopy(more, 0, arguments, 7, more.length);
        return run(arguments);
    }

    @Test
    void aSolvedPlanIsProvedAndVerifies() throws IOException {
        assertThat(solve()).isZero();
        assertThat(out.toString()).startsWith("OPTIMAL: 5.5");
        assertThat(Files.readString(plan))
                .contains("\"status\" : \"OPTIMAL\"", "\"value\" : 5.5", "\"7\" : \"accelerator-0\"");

        assertThat(run("verify", plan.toString(), "--input", input.toString())).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "value" : 5.5 | "value" : 5.4 | The largest load is 5.5, but the plan says 5.4.
            "9" : "accelerator-1" | "9" : "accelerator-0" | need 12.0 bytes, but it has 10.0.
            "9" : "accelerator-1" | "9" : "accelerator-2" | Node 9 is on accelerator-2
            "8" : "accelerator-0" | "6" : "accelerator-0" | Node 8 is on no device.
            "lowerBound" : 5.5 | "lowerBound" : 5.6 | lower bound 5.6 is above the value 5.5
            "lowerBound" : 5.5 | "lowerBound" : 5.0 | says OPTIMAL, but its lower bound 5.0 is below
            """)
    void aTamperedPlanDoesNotVerify(String good, String bad, String sentence) throws IOException {
        solve();
        String text = Files.readString(plan);
        assertThat(text).contains(good);
        Files.writeString(plan, text.replace(good, bad));

        assertThat(run("verify", plan.toString(), "--input", input.toString())).isEqualTo(1);
        assertThat(err.toString()).contains(sentence);
    }

    @Test
    void aGraphThatDoesNotFitIsInfeasibleWithAReason() throws IOException {
        assertThat(solve("--memory-bytes", "3")).isEqualTo(1);
        assertThat(err.toString()).contains("Node 7", "need 4 bytes");
        assertThat(Files.readString(plan)).contains("\"status\" : \"INFEASIBLE\"", "\"reason\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --objective | beauty | give throughput, diffmaxima or latency
            --rule | luck | give best, gpipe-shipped, min-variance, min-max
            --manual | nowhere.json | There is no file nowhere.json
            --contiguity | some | give contiguous or any
            --topology | nowhere.json | There is no file nowhere.json
            --accelerators | 0 | at least one device
            --units | inches | no units inches
            --time-limit | soon | is no time
            --threads | 0 | at least 1
            --bandwidth | 0 | it must be a finite number above 0
            --bandwidth | NaN | it must be a finite number above 0
            --memory-bytes | NaN | it must be a number, 0 or more
            --accelerators | -1 | allowed are 0 to 65536
            """)
    void whatIsWrongOrNotBuiltIsRefusedInOneSentence(String option, String value, String part) {
        assertThat(solve(option, value)).isEqualTo(2);
        assertThat(err.toString()).contains(part).hasLineCount(1);
        assertThat(plan).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "destId": 9           | "destId": 7             | The graph has a cycle
            "sourceId": 7, "destId": 8 | "sourceId": 7, "destId": 7 | reads its own output
            "fpgaLatency": 3      | "fpgaLatency": -3       | is -3.0: it must be a number, 0 or more
            "fpgaLatency": 3      | "fpgaLatency": NaN      | is NaN: it must be a number, 0 or more
            "fpgaLatency": 3      | "fpgaLatency": 1e999    | is infinite
            "cost": 1}            | "cost": -1}             | it must be a finite number, 0 or more
            "fpgaLatency": 3      | "speed": 1              | has an unknown field speed
            "id": 8               | "id": 7                 | Node 7 appears twice
            "destId": 8           | "destId": 42            | ends at node 42, which is not among the nodes
            "destId": 8, "cost": 1 | "destId": 8            | has an edge without sourceId, destId or cost
            "maxFPGAs": 2         | "maxFPGAs": 0           | at least one device is needed
            "maxFPGAs": 2         | "maxFPGAs": -2          | allowed are 0 to 65536
            "maxFPGAs": 2         | "maxFPGAs": 1.5         | needs a whole number
            "maxSizePerFPGA": 10  | "maxSizePerFPGA": -1    | it must be a number, 0 or more
            "size": 4             | "size": 1e19            | more than 2^63 bytes
            "nodes": [            | "nodes": ]              | is no readable JSON at line
            "edges": [            | "edge": [               | has an unknown field edge
            """)
    void aWrongGraphIsRefusedInOneSentence(String good, String bad, String part) throws IOException {
        assertThat(GRAPH).contains(good);
        Files.writeString(input, GRAPH.replaceFirst(Pattern.quote(good), bad));

        assertThat(solve()).isEqualTo(2);
        assertThat(err.toString()).contains(part).hasLineCount(1);
        assertThat(plan).doesNotExist();
    }

    @Test
    void aFileThatIsTooLongIsRefusedBeforeItIsRead() throws IOException {
        try (RandomAccessFile hole = new RandomAccessFile(input.toFile(), "rw")) {
            hole.setLength((1L << 30) + 1);
        }

        assertThat(solve()).isEqualTo(2);
        assertThat(err.toString())
                .contains("the longest that is read has 1073741824")
                .hasLineCount(1);
    }

    @Test
    void anUnknownSuiteIsRefusedBeforeAnythingIsPrinted() {
        String json = folder.resolve("bench.json").toString();

        assertThat(run("bench", "--suite", "nothing", "--inputs", folder.toString(), "--json", json))
                .isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .contains("There is no suite nothing: give seed, wide")
                .hasLineCount(1);
    }

    @Test
    void timeAndMemoryToldFromThePlanAreTheSimulators() throws IOException {
        String json = folder.resolve("bench.json").toString();

        assertThat(run("bench", "--suite", "simulation", "--inputs", folder.toString(), "--json", json))
                .isZero();
        assertThat(out.toString()).contains("GPipe", "OneForwardOneBackward");
        assertThat(Files.readString(folder.resolve("bench.json"))).contains("\"memoryViolations\" : 0");
    }

    @Test
    void sharesOfAnyShapeAndTheTimeOfOneSampleAreSolvedAndVerified() throws IOException {
        assertThat(solve("--contiguity", "any", "--time-limit", "20s")).isZero();
        assertThat(Files.readString(plan)).contains("\"contiguity\" : \"any\"", "\"boundKind\" : \"any\"");
        assertThat(run("verify", plan.toString(), "--input", input.toString())).isZero();

        assertThat(solve("--objective", "latency", "--time-limit", "1s")).isZero();
        assertThat(Files.readString(plan)).contains("\"objective\" : \"latency\"", "\"value\" : 10.0");
        assertThat(run("verify", plan.toString(), "--input", input.toString())).isZero();
        Files.writeString(plan, Files.readString(plan).replace("\"value\" : 10.0", "\"value\" : 9.0"));
        assertThat(run("verify", plan.toString(), "--input", input.toString())).isEqualTo(1);
    }

    @Test
    void thisProjectsOwnGraphIsSplitAndDrawn() throws IOException {
        Files.writeString(input, """
                {"name": "chain", "costSource": "Estimated", "layers": [
                  {"name": "a", "forwardMicros": 1000, "backwardMicros": 2000, "parameterBytes": 8, "activationBytes": 25e6},
                  {"name": "b", "forwardMicros": 3000, "backwardMicros": 3000, "parameterBytes": 8, "activationBytes": 1,
                   "tied": [{"group": "g", "parameterBytes": 8}]}]}
                """);
        Path picture = folder.resolve("split.svg");
        String[] ask = {
            "solve",
            "--input",
            input.toString(),
            "--format",
            "graph",
            "--accelerators",
            "2",
            "--output",
            plan.toString(),
            "--svg",
            picture.toString()
        };

        assertThat(run(ask)).isZero();
        assertThat(Files.readString(plan)).contains("\"value\" : 8.0", "\"b-backward\" : \"accelerator-1\"");
        assertThat(Files.readString(picture)).contains("4 operators on 2 of 2 devices", "accelerator-1");
        assertThat(run("verify", plan.toString(), "--input", input.toString())).isZero();

        for (String wrong : new String[] {"\"activationBytes\": 1,", "\"name\": \"b\", "}) {
            String text = Files.readString(input);
            Files.writeString(input, text.replace(wrong, ""));
            assertThat(run(ask)).isEqualTo(2);
            Files.writeString(input, text);
        }
        assertThat(err.toString()).contains("a layer without activationBytes", "a layer without name");
    }

    @Test
    void forwardsBeforeBackwardsAreSolvedAndVerified() throws IOException {
        String training = GRAPH.replace("\"edges\": [", "\"edges\": [{\"sourceId\": 9, \"destId\": 6, \"cost\": 1}, ")
                .replace(
                        "\"nodes\": [",
                        "\"nodes\": [{\"id\": 6, \"supportedOnFpga\": 1, \"cpuLatency\": 3,"
                                + " \"fpgaLatency\": 7, \"isBackwardNode\": 1, \"colorClass\": 1, \"size\": 1}, ")
                .replace("\"cost\": 0.5", "\"cost\": 1")
                .replace("\"maxSizePerFPGA\": 10", "\"maxSizePerFPGA\": 100");
        Files.writeString(input, training);

        assertThat(solve("--objective", "diffmaxima")).isZero();
        assertThat(Files.readString(plan)).contains("\"objective\" : \"diffmaxima\"", "\"status\" : \"OPTIMAL\"");
        assertThat(run("verify", plan.toString(), "--input", input.toString())).isZero();
        assertThat(solve("--objective", "diffmaxima", "--contiguity", "any")).isEqualTo(2);
        assertThat(err.toString()).contains("only contiguous splits are built");
    }

    @Test
    void plainRulesAndAPersonsSplitAreJudgedForComparison() throws IOException {
        assertThat(solve("--rule", "gpipe-shipped", "--memory-bytes", "7")).isEqualTo(1);
        assertThat(err.toString()).contains("need 8.0 bytes, but it has 7.0");
        assertThat(solve("--rule", "gpipe-shipped")).isZero();
        assertThat(out.toString()).contains("FEASIBLE: 7.0");
        assertThat(solve("--rule", "min-max", "--memory-bytes", "100")).isZero();
        assertThat(out.toString()).contains("FEASIBLE: 5.5");
        assertThat(run("verify", plan.toString(), "--input", input.toString())).isZero();

        Path manual = Files.writeString(folder.resolve("manual.json"), """
                {"7": "accelerator-1", "8": "accelerator-0", "9": "accelerator-0"}""");
        assertThat(solve("--manual", manual.toString())).isZero();
        assertThat(out.toString()).contains("FEASIBLE: 7.0");
        assertThat(run("verify", plan.toString(), "--input", input.toString())).isZero();
        Files.writeString(manual, """
                {"7": "accelerator-1", "8": "accelerator-0"}""");
        assertThat(solve("--manual", manual.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("Node 9 is on no device.");
    }

    @Test
    void aTreeTakesTheUnitsToItsLeavesAndVerifies() throws IOException {
        Path tree = Files.writeString(folder.resolve("tree.json"), TREE);

        assertThat(solve("--topology", tree.toString())).isZero();
        assertThat(Files.readString(plan)).contains("\"7\" : \"a", "\"accelerators\" : 4");

        assertThat(run("verify", plan.toString(), "--input", input.toString(), "--topology", tree.toString()))
                .isZero();
        assertThat(err.toString()).isEmpty();
        Files.writeString(plan, Files.readString(plan).replaceFirst("\"7\" : \"..\"", "\"7\" : \"a9\""));
        assertThat(run("verify", plan.toString(), "--input", input.toString(), "--topology", tree.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("on a9, but the tree has no such leaf");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "speed": 1}              | "speed": 1, "colour": 2} | unknown field colour
            "portBytesPerSecond": 1e9, | ''                     | lacks portBytesPerSecond or memoryBytes
            "uplinkBytesPerSecond": 1e8, | ''                   | has no uplinkBytesPerSecond
            1e8                      | NaN                      | it must be above 0
            1e8                      | -1                       | it must be above 0
            "memoryBytes": 64        | "memoryBytes": 1e30      | below 2^63
            "a2"                     | "a1"                     | names are unique
            "a1"                     | ""                       | without a name
            """)
    void aWrongTreeIsRefusedInOneSentence(String good, String bad, String part) throws IOException {
        assertThat(TREE).contains(good);
        Path tree = Files.writeString(folder.resolve("tree.json"), TREE.replace(good, bad));

        assertThat(solve("--topology", tree.toString())).isEqualTo(2);
        assertThat(err.toString()).contains(part).hasLineCount(1);
        assertThat(plan).doesNotExist();
    }

    @Test
    void aMissingInputIsAUserError() {
        input = folder.resolve("nowhere.json");

        assertThat(solve()).isEqualTo(2);
        assertThat(err.toString()).contains("There is no file");
    }
}
