package dev.pipelinejob.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.operator.admission.Admission;
import dev.pipelinejob.operator.admission.Verdict;
import dev.pipelinejob.operator.planning.JobPlanner;
import dev.pipelinejob.operator.planning.PlanningOutcome;
import dev.pipelinejob.placement.simulate.Crossing;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacementSentenceTest {
    private static final String JOB = """
            apiVersion: pipelinejob.dev/v1alpha1
            kind: PipelineJob
            metadata: {name: small}
            spec:
              model: {catalogue: {gpt: {layers: 4, width: 64, heads: 4, contextLength: 32}}}
              data: {text: {path: corpus}}
              training: {steps: 10, batchSize: 8, microBatches: 4, optimizer: {adamW: {learningRate: "3e-4"}}}
              pipeline: {stages: {manual: [{layers: 2}, {layers: 2}, {layers: 2}]}}
            """;
    private static final double FAST = 1e9;
    private static final double UNLIMITED = Double.POSITIVE_INFINITY;

    @TempDir
    private Path folder;

    @Test
    void aPlanOnRacksTellsWhatIsPromisedAndWhichLinksAreCrossed() throws IOException {
        PlanningOutcome.Planned plan = plan(FAST);

        // The tied first and last stages talk, too.
        assertThat(PlacementSentence.of(plan))
                .matches(
                        "a step of \\d+\\.\\d\\d ms predicted with estimated costs, lower bound \\d+\\.\\d\\d ms, slowest"
                                + " stage or link within \\d+\\.\\d % of the best \\(contiguous\\)\\. Crossings a step: rack 2 pairs"
                                + " \\(\\d+\\.\\d [KM]iB\\)\\.");
        assertThat(plan.figures().crossings()).singleElement().satisfies(crossing -> {
            assertThat(crossing.level()).isEqualTo("rack");
            assertThat(crossing.bytesPerStep()).isPositive();
        });
    }

    @Test
    void nodesThatNobodyDescribedAreSaidToBeEquallyNear() throws IOException {
        assertThat(PlacementSentence.of(plan(UNLIMITED)))
                .endsWith(" All nodes count as equally near: no topology is named.");
    }

    @Test
    void aLevelThatNothingCrossesSaysSo() {
        assertThat(PlacementSentence.crossings(List.of(new Crossing("rack", 0, 0), new Crossing("node", 2, 3L << 20))))
                .isEqualTo("Crossings a step: rack none, node 2 pairs (3.0 MiB).");
        assertThat(PlacementSentence.crossings(List.of())).isEmpty();
    }

    /// Two slots in one rack, two in the other, and three stages.
    private PlanningOutcome.Planned plan(double uplinkBytesPerSecond) throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), JOB);
        Topology topology = new Topology(Domain.unlimited(
                "cluster", "cluster", List.of(rack("a", uplinkBytesPerSecond), rack("b", uplinkBytesPerSecond))));
        return switch (Admission.ofJobs().admit(file)) {
            case Verdict.Admitted<PipelineJob>(PipelineJob job) ->
                (PlanningOutcome.Planned) new JobPlanner(System::nanoTime).plan(job.getSpec(), topology);
            case Verdict.Refused<PipelineJob>(List<String> sentences) -> throw new AssertionError(sentences);
        };
    }

    private static Domain rack(String name, double uplinkBytesPerSecond) {
        List<Node> slots = List.of(slot(name + "/0"), slot(name + "/1"));
        return new Domain(name, "rack", uplinkBytesPerSecond, 1, 0, slots);
    }

    private static Slot slot(String name) {
        return new Slot(name, FAST, 0, 8L << 30, 1);
    }
}
