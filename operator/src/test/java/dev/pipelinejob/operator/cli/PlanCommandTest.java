package dev.pipelinejob.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `plan` on this machine and on a cluster's nodes, and what it says about wrong input.
class PlanCommandTest {
    private static final String JOB = """
            apiVersion: pipelinejob.dev/v1alpha1
            kind: PipelineJob
            metadata: {name: small}
            spec:
              model: {catalogue: {gpt: {layers: 4, width: 64, heads: 4, contextLength: 32}}}
              data: {text: {path: corpus}}
              training:
                steps: 10
                batchSize: 8
                microBatches: 4
                optimizer: {sgd: {learningRate: "0.1"}}
              pipeline: {stages: {max: 2}}
              workerPools: [{name: gpus, accelerator: {resource: example.com/gpu}}]
            """;
    private static final String TOPOLOGY = """
            apiVersion: pipelinejob.dev/v1alpha1
            kind: InterconnectTopology
            metadata: {name: default}
            spec:
              levels: [{name: rack, nodeLabel: rack, uplinkBytesPerSecond: 1000000000}]
              devices: [{name: gpu, resource: example.com/gpu, portBytesPerSecond: 2000000000, memoryBytes: 8000000000}]
            """;
    private static final String NODES = """
            apiVersion: v1
            kind: List
            items:
              - apiVersion: v1
                kind: Node
                metadata: {name: n1, labels: {rack: r1}}
                status:
                  allocatable: {cpu: "4", memory: 16Gi, ephemeral-storage: 9Gi, pods: "110", example.com/gpu: "2"}
                  conditions: [{type: Ready, status: "True"}]
              - apiVersion: v1
                kind: Node
                metadata: {name: n2, labels: {rack: r2}}
                status:
                  allocatable: {cpu: "4", memory: 16Gi, ephemeral-storage: 9Gi, pods: "110"}
                  conditions: [{type: Ready, status: "True"}]
            """;

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void printsATableAndWritesPlanAndPicture() throws IOException {
        Path plan = folder.resolve("plan.json");
        Path svg = folder.resolve("plan.svg");

        int exitCode = run(write("job.yaml", JOB), "--output", plan.toString(), "--svg", svg.toString());

        assertThat(exitCode).isZero();
        assertThat(out.toString())
                .startsWith("stage  layers")
                .contains("slot-0", "predicted step", "lower bound", "Costs: Estimated.");
        assertThat(plan).content().contains("\"slots\"");
        assertThat(svg).content().startsWith("<svg");
    }

    @Test
    void plansOnAClustersNodes() throws IOException {
        int exitCode = run(
                write("job.yaml", JOB),
                "--topology",
                write("topology.yaml", TOPOLOGY),
                "--nodes",
                write("nodes.yaml", NODES));

        assertThat(exitCode).isZero();
        assertThat(out.toString()).contains("n1/gpu-0").doesNotContain("n2/");
    }

    @Test
    void nodesWithoutATopologyAreEquallyNear() throws IOException {
        assertThat(run(write("job.yaml", JOB), "--nodes", write("nodes.yaml", NODES)))
                .isZero();
        assertThat(out.toString()).contains("n1/slot-0").doesNotContain("n2/");
    }

    @Test
    void nodesWithoutADeviceOfTheTopologyAreNamed() throws IOException {
        String others = TOPOLOGY.replace("example.com/gpu", "example.com/other");

        assertThat(run(
                        write("job.yaml", JOB),
                        "--topology",
                        write("topology.yaml", others),
                        "--nodes",
                        write("nodes.yaml", NODES)))
                .isEqualTo(2);
        assertThat(err.toString()).contains("has a device of").doesNotContain("\tat ");
    }

    @Test
    void nodesWithoutRoomAreCounted() throws IOException {
        String others = NODES.replace("example.com/gpu", "example.com/other");

        assertThat(run(write("job.yaml", JOB), "--nodes", write("nodes.yaml", others)))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("There is room for 0 workers of 1 example.com/gpu")
                .contains(" offer too little example.com/gpu");
    }

    @Test
    void aFileThatHoldsNoNodeIsRefused() throws IOException {
        assertThat(run(
                        write("job.yaml", JOB),
                        "--topology",
                        write("topology.yaml", TOPOLOGY),
                        "--nodes",
                        write("nodes.yaml", "apiVersion: v1\nkind: List\nitems: []\n")))
                .isEqualTo(2);
        assertThat(err.toString()).contains("holds no Node");
    }

    private String write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private int run(String... arguments) {
        CommandLine line = new CommandLine(new PlanCommand());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        line.setExecutionExceptionHandler((thrown, command, _) -> {
            command.getErr().println(thrown.getMessage());
            return thrown instanceof UserError ? ExitCode.USER_ERROR : ExitCode.FAILED;
        });
        return line.execute(arguments);
    }
}
