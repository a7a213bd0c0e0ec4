package dev.pipelinejob.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Two racks of two nodes; a and c have two slots, b and d one.
class SparePlacesTest {
    private static final Topology ALL = new Topology(Domain.unlimited(
            "cluster",
            "cluster",
            List.of(rack("1", node("a", 2), node("b", 1)), rack("2", node("c", 2), node("d", 1)))));

    private static Domain rack(String name, Domain... nodes) {
        return Domain.unlimited("rack=" + name, "rack", List.of(nodes));
    }

    private static Domain node(String name, int slots) {
        List<Node> children = IntStream.range(0, slots)
                .<Node>mapToObj(number -> new Slot(name + "/slot-" + number, 1e9, 0, 1, 1))
                .toList();
        return Domain.unlimited(name, Topology.HOST_LEVEL, children);
    }

    @Test
    void aSpareGoesToTheNearestNodeThatHoldsNoRank() {
        assertThat(SparePlaces.choose(ALL, List.of("d"), List.of(), 1)).containsExactly("c");
        assertThat(SparePlaces.choose(ALL, List.of("a"), List.of(), 1)).containsExactly("b");
    }

    @Test
    void sparesAreApartFromEachOtherToo() {
        assertThat(SparePlaces.choose(ALL, List.of("b"), List.of(), 3)).containsExactly("a", "c", "d");
    }

    @Test
    void aRanksNodeDoesWhenNoOtherHasRoom() {
        assertThat(SparePlaces.choose(ALL, List.of("a", "b", "c", "d"), List.of(), 3))
                .containsExactly("a", "c");
    }

    @Test
    void aWorkerThatIsThereStays() {
        assertThat(SparePlaces.choose(ALL, List.of("a", "b"), List.of("a"), 2)).containsExactly("a", "c");
        assertThat(SparePlaces.choose(ALL, List.of("b"), List.of("b"), 1)).containsExactly("a");
    }
}
