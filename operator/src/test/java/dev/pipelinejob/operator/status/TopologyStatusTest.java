package dev.pipelinejob.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec.Device;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec.Level;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologyStatus;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologyStatus.DeviceStatus;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologyStatus.LevelStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.ConditionStatus;
import dev.pipelinejob.operator.planning.TopologyCensus;
import dev.pipelinejob.operator.planning.TopologyCensus.Offer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a topology's status says of good and of mistaken descriptions, word for word.
class TopologyStatusTest {
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = FIRST.plusSeconds(60);
    private static final Level ZONE = new Level("zone", "zone", 1, 0);
    private static final Level RACK = new Level("rack", "rack", 1, 0);
    private static final Device CPU = new Device("cpu", "cpu", null, null, 1, 1, "1");
    private static final Device H100 = new Device("h100", "nvidia.com/gpu", "gpu", "h100", 1, 1, "1");

    @Test
    void nodesThatMatchAreCountedByLevelAndDevice() {
        InterconnectTopologyStatus status = status(
                List.of(ZONE, RACK),
                List.of(H100, CPU),
                node("a", Map.of("zone", "1", "rack", "x", "gpu", "h100"), 8),
                node("b", Map.of("zone", "1", "rack", "y"), 0),
                node("c", Map.of("zone", "2", "rack", "x"), 0));

        assertThat(words(status))
                .containsExactly(
                        "Ready=True Matched: 3 nodes with a device of the topology: 2 zone, 3 rack.",
                        "NodesMatched=True AllMatched");
        assertThat(status.shape()).isEqualTo("2 zone, 3 rack");
        assertThat(status.nodes()).isEqualTo("3/3");
        assertThat(status.devices()).containsExactly(new DeviceStatus("h100", 1, 8), new DeviceStatus("cpu", 3, 12));
    }

    @Test
    void withoutLevelsTheShapeIsFlat() {
        InterconnectTopologyStatus status = status(List.of(), List.of(CPU, H100), node("a", Map.of(), 0));

        assertThat(status.shape()).isEqualTo("flat");
        assertThat(words(status))
                .containsExactly(
                        "Ready=True Matched: 1 node with a device of the topology. No node has h100.",
                        "NodesMatched=True AllMatched");
    }

    @Test
    void aLabelThatNoNodeCarriesIsAMistake() {
        assertThat(words(status(List.of(ZONE, RACK), List.of(CPU), node("a", Map.of("zone", "1"), 0))))
                .containsExactly(
                        "Ready=False LevelUnlabelled: No node with a device of the topology carries the label rack of"
                                + " level rack: label the nodes, or remove the level.",
                        "NodesMatched=False NodesUnlabelled: a lacks the label rack of level rack: plans take such"
                                + " nodes for neighbours of each other, so label them.");
    }

    @Test
    void aDeviceThatNoNodeHasIsAMistakeAndOtherNodesAreNoPartOfTheTopology() {
        assertThat(words(status(List.of(RACK), List.of(H100), node("a", Map.of("gpu", "a100"), 8))))
                .containsExactly(
                        "Ready=False NoDevices: No node of 1 has a device of the topology, which are nvidia.com/gpu"
                                + " with gpu=h100: install the devices' plugin, label the nodes, or name what they"
                                + " have in spec.devices.",
                        "NodesMatched=True AllMatched");
        assertThat(words(status(List.of(RACK), List.of(H100))))
                .first()
                .asString()
                .contains("NoNodes");
    }

    @Test
    void levelsInTheWrongOrderAreAMistake() {
        Offer[] nodes = {
            node("a", Map.of("zone", "1", "rack", "1x"), 0),
            node("b", Map.of("zone", "1", "rack", "1y"), 0),
            node("c", Map.of("zone", "2", "rack", "2x"), 0)
        };

        assertThat(words(status(List.of(RACK, ZONE), List.of(CPU), nodes)))
                .first()
                .asString()
                .startsWith("Ready=False LevelsReversed: Level rack stands above level zone, but each value of rack");
        assertThat(words(status(List.of(ZONE, RACK), List.of(CPU), nodes)))
                .first()
                .asString()
                .startsWith("Ready=True");
    }

    @Test
    void aFewNodesAreNamedAndTheRestIsCounted() {
        Offer[] nodes = IntStream.range(0, 12)
                .mapToObj(number -> node("node-%02d".formatted(number), Map.of(), 0))
                .toArray(Offer[]::new);
        nodes[11] = node("node-11", Map.of("rack", "x"), 0);

        InterconnectTopologyStatus status = status(List.of(RACK), List.of(CPU), nodes);

        assertThat(status.nodes()).isEqualTo("1/12");
        assertThat(status.levels())
                .containsExactly(new LevelStatus(
                        "rack",
                        1,
                        11,
                        List.of(
                                "node-00", "node-01", "node-02", "node-03", "node-04", "node-05", "node-06",
                                "node-07")));
        assertThat(words(status))
                .last()
                .asString()
                .contains("node-00, node-01, node-02, node-03 and 7 more lack the label rack");
    }

    @Test
    void aConditionKeepsItsTimeWhileItsStatusStays() {
        TopologyCensus good = census(List.of(RACK), List.of(CPU), node("a", Map.of("rack", "x"), 0));
        TopologyCensus other = census(
                List.of(RACK), List.of(CPU), node("a", Map.of("rack", "x"), 0), node("b", Map.of("rack", "y"), 0));
        InterconnectTopologyStatus before = TopologyStatus.of(null, 1, good, FIRST);

        assertThat(TopologyStatus.of(before, 1, good, LATER)).isEqualTo(before);
        assertThat(Objects.requireNonNull(
                        TopologyStatus.of(before, 1, other, LATER).conditions()))
                .allMatch(condition -> condition.lastTransitionTime().equals(FIRST));
        assertThat(Objects.requireNonNull(TopologyStatus.of(before, 1, census(List.of(RACK), List.of(CPU)), LATER)
                        .conditions()))
                .first()
                .matches(condition ->
                        condition.lastTransitionTime().equals(LATER) && condition.status() == ConditionStatus.FALSE);
    }

    private static InterconnectTopologyStatus status(List<Level> levels, List<Device> devices, Offer... nodes) {
        return TopologyStatus.of(null, 1, census(levels, devices, nodes), FIRST);
    }

    private static TopologyCensus census(List<Level> levels, List<Device> devices, Offer... nodes) {
        return TopologyCensus.of(new InterconnectTopologySpec(levels, devices), List.of(nodes));
    }

    private static Offer node(String name, Map<String, String> labels, long devices) {
        return new Offer(name, labels, Map.of("cpu", 4L, "nvidia.com/gpu", devices));
    }

    private static List<String> words(InterconnectTopologyStatus status) {
        return Objects.requireNonNull(status.conditions()).stream()
                .map(condition -> "%s=%s %s%s"
                        .formatted(
                                condition.type(),
                                condition.status() == ConditionStatus.TRUE ? "True" : "False",
                                condition.reason(),
                                condition.message() == null ? "" : ": " + condition.message()))
                .toList();
    }
}
