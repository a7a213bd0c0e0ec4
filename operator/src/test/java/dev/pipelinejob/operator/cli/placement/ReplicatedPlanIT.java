package dev.pipelinejob.operator.cli.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ReplicatedPlanIT {
    private static final String PIPER = """
            {"maxDevices": 4, "maxMemoryPerDevice": 12, "bandwidth": 10, "mbsInBatch": 4,
             "nodes": [
              {"id": 1, "TMPCs": {"1": [
                {"id": "vanilla", "timePerSample": 4, "parameterSize": 1, "memoryUsageA": 4, "memoryUsageB": 2,
                 "syncTimeFw": {}, "syncTimeBw": {"2": 0}},
                {"id": "activation recomp", "timePerSample": 5, "parameterSize": 1, "memoryUsageA": 1,
                 "memoryUsageB": 5, "syncTimeFw": {}, "syncTimeBw": {"2": 0}}]}},
              {"id": 2, "TMPCs": {"1": [
                {"id": "vanilla", "timePerSample": 4, "parameterSize": 1, "memoryUsageA": 4, "memoryUsageB": 2,
                 "syncTimeFw": {"1": 0}, "syncTimeBw": {}}],
                "2": [
                {"id": "vanilla", "timePerSample": 2, "parameterSize": 0.5, "memoryUsageA": 2, "memoryUsageB": 1,
                 "syncTimeFw": {"1": 1}, "syncTimeBw": {}}]}}],
             "edges": [{"sourceId": 1, "destId": 2, "communicationCost": 1}]}
            """;

    private static final String PIPEDREAM = """
            node1 -- Input -- forward_compute_time=0.0, backward_compute_time=0.0, activation_size=4.0, parameter_size=0.0
            node2 -- Conv2d -- forward_compute_time=2.0, backward_compute_time=4.0, activation_size=[4.0; 2.0], parameter_size=0.0
            node3 -- Linear -- forward_compute_time=1.0, backward_compute_time=1.0, activation_size=4.0, parameter_size=1e6
            \tnode1 -- node2
            \tnode2 -- node3
            """;

    private static final String TREE = """
            {"name": "root", "children": [
              {"name": "a", "uplinkBytesPerSecond": 1e8, "children": [
                {"name": "a1", "portBytesPerSecond": 1e9, "memoryBytes": 64},
                {"name": "a2", "portBytesPerSecond": 1e9, "memoryBytes": 64}]},
              {"name": "b", "uplinkBytesPerSecond": 1e8, "children": [
                {"name": "b1", "portBytesPerSecond": 1e9, "memoryBytes": 64},
                {"name": "b2", "portBytesPerSecond": 1e9, "memoryBytes": 64}]}]}
            """;

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new PlacementCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private Path plan() {
        return folder.resolve("plan.json");
    }

    private int solve(String format, String text, String... more) throws IOException {
        Path input = Files.writeString(folder.resolve("input"), text);
        List<String> arguments = new ArrayList<>(
                List.of("solve", "--replicate", "--input", input.toString(), "--format", format, "--output"));
        arguments.add(plan().toString());
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private int verify(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("verify", plan().toString(), "--input", folder.resolve("input") + ""));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void aPiperPlanCarriesReplicasDegreesAndChoicesAndVerifies() throws IOException {
        assertThat(solve("piper", PIPER)).isZero();
        assertThat(out.toString()).startsWith("OPTIMAL");
        assertThat(Files.readString(plan()))
                .contains("\"model\" : \"piper\"", "\"tensorDegree\"", "\"replicas\"", "\"choices\"")
                .contains("\"boundKind\" : \"contiguous\"", "\"1\" : \"stage-0\"");
        assertThat(verify()).isZero();

        String text = Files.readString(plan());
        Files.writeString(plan(), text.replaceFirst("\"replicas\" : [0-9]+", "\"replicas\" : 3"));
        assertThat(verify()).isEqualTo(1);
        assertThat(err.toString()).contains("which do not divide 4 micro-batches");
    }

    @Test
    void aPipeDreamPlanOnLevelsOfMachinesVerifies() throws IOException {
        Path tree = Files.writeString(folder.resolve("tree.json"), TREE);
        assertThat(solve("pipedream", PIPEDREAM, "--topology", tree.toString())).isZero();
        assertThat(out.toString()).startsWith("OPTIMAL");
        assertThat(Files.readString(plan())).contains("\"model\" : \"pipedream\"", "stage-0.0", "\"node1\"");
        assertThat(verify("--topology", tree.toString())).isZero();

        String text = Files.readString(plan());
        Files.writeString(plan(), text.replaceFirst("\"value\" : [0-9.]+", "\"value\" : 0.5"));
        assertThat(verify("--topology", tree.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("ms a minibatch, but the plan says 0.5");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "mbsInBatch": 4       | "mbsInBatch": 0             | at least 1 is needed
            "bandwidth": 10       | "bandwidth": -1             | it must be a finite number above 0
            "maxDevices": 4       | "maxDevices": 0             | There are 0 devices
            "timePerSample": 4    | "timePerSample": -4         | The timePerSample of node 1 is -4.0
            "timePerSample": 4    | "timePerSample": NaN        | The timePerSample of node 1 is NaN
            "parameterSize": 1,   |                             | The parameterSize of node 1 is NaN
            {"2": 0}              | {"7": 0}                    | states a sync time with 7, but no such edge exists
            "activation recomp"   | "vanilla"                   | has two choices of the same name for degree 1
            "destId": 2           | "destId": 1                 | The graph has a cycle
            "destId": 2           | "destId": 9                 | ends at node 9, which is not among the nodes
            "id": 2,              | "id": 1,                    | Node 1 appears twice
            "TMPCs": {"1"         | "TMPCs": {"0"               | has tensor degree 0
            "TMPCs": {"1"         | "colours": {"1"             | has an unknown field colours
            """)
    void aWrongPiperFileIsRefusedInOneSentence(String good, String bad, String part) throws IOException {
        assertThat(PIPER).contains(good);
        String wrong = PIPER.replaceFirst(Pattern.quote(good), bad == null ? "" : bad);
        assertThat(solve("piper", wrong)).isEqualTo(2);
        assertThat(err.toString()).contains(part).hasLineCount(1);
        assertThat(plan()).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            backward_compute_time=4.0 | backward_compute_time=-9.0 | The time of layer node2 is -7.0
            backward_compute_time=4.0 | backward_compute_time=soon | has a cost that is no number
            parameter_size=1e6        | parameter_size=1e999       | The parameter_size of layer node3 is Infinity
            node2 -- node3            | node2 -- node9             | ends at layer node9, which is not among the layers
            node2 -- node3            | node2 -- node2             | The graph has a cycle
            node3 -- Linear           | node2 -- Linear            | Layer node2 appears twice
            """)
    void aWrongProfileIsRefusedInOneSentence(String good, String bad, String part) throws IOException {
        assertThat(PIPEDREAM).contains(good);
        assertThat(solve("pipedream", PIPEDREAM.replace(good, bad), "--accelerators", "4"))
                .isEqualTo(2);
        assertThat(err.toString()).contains(part).hasLineCount(1);
        assertThat(plan()).doesNotExist();
    }

    @Test
    void whatAModelDoesNotKnowIsRefusedInOneSentence() throws IOException {
        assertThat(solve("pipedream", PIPEDREAM)).isEqualTo(2);
        assertThat(solve("pipedream", PIPEDREAM, "--accelerators", "4", "--memory-bytes", "9"))
                .isEqualTo(2);
        assertThat(solve("piper", PIPER, "--objective", "latency")).isEqualTo(2);
        assertThat(solve("dnn-partitioning", PIPER)).isEqualTo(2);
        Path tree = Files.writeString(folder.resolve("tree.json"), TREE.replaceFirst("1e8", "2e8"));
        assertThat(solve("pipedream", PIPEDREAM, "--topology", tree.toString())).isEqualTo(2);
        assertThat(err.toString())
                .hasLineCount(5)
                .contains("add --accelerators or --topology", "has no memory limit", "are contiguous")
                .contains("not for dnn-partitioning", "children of root differ");
    }

    @Test
    void aPlanThatFitsNowhereSaysWhy() throws IOException {
        assertThat(solve("piper", PIPER, "--memory-bytes", "2")).isEqualTo(1);
        assertThat(err.toString()).contains("Node 1 needs at least 6 bytes");
        assertThat(Files.readString(plan())).contains("\"status\" : \"INFEASIBLE\"");
    }
}
