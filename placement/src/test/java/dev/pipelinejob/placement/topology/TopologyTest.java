package dev.pipelinejob.placement.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopologyTest {
    private static final Domain ISLAND = Domain.unlimited("island", "nvlink", List.of(slot("a", 1), slot("b", 1)));
    private static final Domain HOST = Domain.unlimited("n1", Topology.HOST_LEVEL, List.of(ISLAND, slot("c", 1)));
    private static final Topology TOPOLOGY =
            new Topology(Domain.unlimited("rack", "rack", List.of(HOST, slot("d", 1))));

    @Test
    void slotsComeInLeafOrder() {
        assertThat(TOPOLOGY.slots()).extracting(Slot::name).containsExactly("a", "b", "c", "d");
    }

    @Test
    void theHostIsTheNearestMachineElseTheParent() {
        assertThat(TOPOLOGY.hostOf("a")).isEqualTo(HOST);
        assertThat(TOPOLOGY.hostOf("d").name()).isEqualTo("rack");
    }

    @Test
    void whatIsLeftOfATreeKeepsItsShape() {
        Topology rest = TOPOLOGY.restrictedTo(Set.of("b", "d"));

        assertThat(rest.slots()).extracting(Slot::name).containsExactly("b", "d");
        assertThat(rest.ancestors("b")).extracting(Domain::name).containsExactly("island", "n1", "rack");
        assertThatThrownBy(() -> TOPOLOGY.restrictedTo(Set.of("x"))).hasMessageContaining("[x]");
    }

    @Test
    void ambiguousTreesAreRefused() {
        assertThatThrownBy(() -> new Topology(Domain.unlimited("r", "rack", List.of(slot("a", 1), slot("a", 1)))))
                .hasMessageContaining("named a");
        assertThatThrownBy(() -> new Topology(sharing("r", List.of(sharing("h", List.of(slot("a", 1)))))))
                .hasMessageContaining("both have computeCores");
        assertThatThrownBy(() -> new Topology(sharing("h", List.of(slot("a", 1), slot("b", 2)))))
                .hasMessageContaining("different relativeSpeeds");
    }

    @Test
    void impossibleNumbersAreRefused() {
        assertThatThrownBy(() -> new Slot("a", 0, 0, 1, 1)).hasMessageContaining("bytes per second");
        assertThatThrownBy(() -> new Slot("a", 1, -1, 1, 1)).hasMessageContaining("latency of -1.0");
        assertThatThrownBy(() -> new Slot("a", 1, 0, 0, 1)).hasMessageContaining("memoryBytes 0");
        assertThatThrownBy(() -> new Slot("a", 1, 0, 1, Double.NaN)).hasMessageContaining("relativeSpeed NaN");
    }

    private static Domain sharing(String name, List<Node> children) {
        return new Domain(name, Topology.HOST_LEVEL, 1, 0, 2, children);
    }

    private static Slot slot(String name, double relativeSpeed) {
        return new Slot(name, 1e9, 0, 1_000, relativeSpeed);
    }
}
