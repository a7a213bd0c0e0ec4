package dev.pipelinejob.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.v1alpha1.InterconnectTopology;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologyStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.Condition;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.ConditionStatus;
import dev.pipelinejob.operator.cluster.TestTopologies;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The operator against a real API server: what a topology says of the nodes, and what it leaves unsaid.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TopologyIT {
    private static final String RACK = "example.com/rack";
    private static final int BEATS = 20;

    @RegisterExtension
    static final OneOperator OPERATOR = OneOperator.on(3);

    private final OperatorFixture operators;

    TopologyIT(OperatorFixture operators) {
        this.operators = operators;
    }

    @AfterEach
    void clear() {
        operators.client().resources(InterconnectTopology.class).delete();
        List.of("node-1", "node-2", "node-3").forEach(node -> label(node, null));
    }

    @Test
    void aLabelThatNoNodeCarriesIsNamedUntilNodesCarryIt() throws Exception {
        // given
        InterconnectTopology topology = TestTopologies.create(operators.client(), "racks", RACK);
        InterconnectTopologyStatus unknown = await(topology, status -> reason(status, "Ready", "LevelUnlabelled"));

        // when
        label("node-1", "a");
        label("node-2", "b");
        InterconnectTopologyStatus some = await(topology, status -> "2/3".equals(status.nodes()));
        label("node-3", "b");
        InterconnectTopologyStatus all = await(topology, status -> "3/3".equals(status.nodes()));

        // then
        assertThat(unknown.nodes()).isEqualTo("0/3");
        assertThat(unknown.observedGeneration())
                .isEqualTo(topology.getMetadata().getGeneration());
        assertThat(some.shape()).isEqualTo("2 rack");
        assertThat(reason(some, "Ready", "Matched")).isTrue();
        assertThat(reason(some, "NodesMatched", "NodesUnlabelled")).isTrue();
        assertThat(Objects.requireNonNull(some.levels()).getFirst().unlabelled())
                .containsExactly("node-3");
        assertThat(conditions(all))
                .allMatch(condition -> condition.status() == ConditionStatus.TRUE)
                .hasSize(2);
        assertThat(Objects.requireNonNull(all.devices()).getFirst().count()).isEqualTo(3);
        assertThat(operators.client().resource(topology).get().getMetadata().getManagedFields())
                .anyMatch(fields ->
                        "pipelinejob-status".equals(fields.getManager()) && "status".equals(fields.getSubresource()));
        awaitEvents(topology, List.of("LevelUnlabelled", "NodesUnlabelled", "Matched", "AllMatched"));
    }

    @Test
    void heartbeatsOfNodesAndAnOperatorThatComesBackWriteNothing() throws Exception {
        // given
        InterconnectTopology topology = TestTopologies.create(operators.client(), "hosts", "kubernetes.io/hostname");
        await(topology, status -> "3/3".equals(status.nodes()));
        String written = version(topology);

        // when
        for (int beat = 0; beat < BEATS; beat++) {
            String time = "2026-01-01T00:00:%02dZ".formatted(beat);
            operators.client().nodes().withName("node-1").editStatus(now -> {
                now.getStatus().getConditions().getFirst().setLastHeartbeatTime(time);
                return now;
            });
        }
        operators.stopOperator();
        operators.startOperator();
        InterconnectTopology later = TestTopologies.create(operators.client(), "later", RACK);
        await(later, status -> reason(status, "Ready", "LevelUnlabelled"));

        // then
        assertThat(version(topology)).isEqualTo(written);
    }

    private void label(String node, @Nullable String rack) {
        operators.client().nodes().withName(node).edit(now -> new NodeBuilder(now)
                .editMetadata()
                .removeFromLabels(RACK)
                .addToLabels(rack == null ? Map.of() : Map.of(RACK, rack))
                .endMetadata()
                .build());
    }

    private InterconnectTopologyStatus await(
            InterconnectTopology topology, Predicate<InterconnectTopologyStatus> condition)
            throws InterruptedException {
        return operators.await(topology, "the topology's status", condition);
    }

    private void awaitEvents(InterconnectTopology topology, List<String> reasons) throws InterruptedException {
        long deadline = System.nanoTime() + OperatorFixture.LIMIT.toNanos();
        while (!reasons(topology).containsAll(reasons)) {
            assertThat(System.nanoTime()).as("events %s", reasons(topology)).isLessThan(deadline);
            Thread.sleep(OperatorFixture.LOOK);
        }
        assertThat(reasons(topology)).containsExactlyInAnyOrderElementsOf(reasons);
    }

    private List<String> reasons(InterconnectTopology topology) {
        return operators.client().events().v1().events().inNamespace("default").list().getItems().stream()
                .filter(event -> topology.getMetadata()
                        .getUid()
                        .equals(event.getRegarding().getUid()))
                .map(Event::getReason)
                .toList();
    }

    private String version(InterconnectTopology topology) {
        return operators.client().resource(topology).get().getMetadata().getResourceVersion();
    }

    private static boolean reason(InterconnectTopologyStatus status, String type, String reason) {
        return conditions(status).stream()
                .anyMatch(condition ->
                        condition.type().equals(type) && condition.reason().equals(reason));
    }

    private static List<Condition> conditions(InterconnectTopologyStatus status) {
        return Objects.requireNonNull(status.conditions());
    }
}
