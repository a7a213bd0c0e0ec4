package dev.pipelinejob.placement.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CrossingTest {
    private static final double FAST = 1e9;
    private static final SortedMap<WorkerPair, Long> CHAIN = new TreeMap<>(Map.of(
            new WorkerPair(0, 1), 100L,
            new WorkerPair(1, 0), 10L,
            new WorkerPair(1, 2), 200L,
            new WorkerPair(2, 1), 20L));

    @Test
    void aPairCountsOnEveryLevelThatItsWayLeaves() {
        Topology twoRacks = new Topology(Domain.unlimited(
                "cluster",
                "cluster",
                List.of(
                        new Domain("a", "rack", FAST, 1, 0, List.of(host("a1", FAST), host("a2", FAST))),
                        new Domain("b", "rack", FAST, 1, 0, List.of(host("b1", FAST))))));

        assertThat(Crossing.of(twoRacks, List.of("a1/0", "a2/0", "b1/0"), CHAIN))
                .containsExactly(new Crossing("rack", 1, 220), new Crossing("host", 2, 330));
        assertThat(Crossing.of(twoRacks, List.of("a1/0", "a1/1", "a2/0"), CHAIN))
                .containsExactly(new Crossing("rack", 0, 0), new Crossing("host", 1, 220));
    }

    @Test
    void linksThatNobodyDescribedCountOnlyWhereThereAreNoOthers() {
        Topology flat = new Topology(Domain.unlimited(
                "cluster",
                "cluster",
                List.of(host("a1", Double.POSITIVE_INFINITY), host("a2", Double.POSITIVE_INFINITY))));
        Topology racks = new Topology(Domain.unlimited(
                "cluster",
                "cluster",
                List.of(
                        new Domain("a", "rack", FAST, 1, 0, List.of(host("a1", Double.POSITIVE_INFINITY))),
                        new Domain("b", "rack", FAST, 1, 0, List.of(host("b1", Double.POSITIVE_INFINITY))))));

        assertThat(Crossing.of(flat, List.of("a1/0", "a2/0", "a2/1"), CHAIN))
                .containsExactly(new Crossing("host", 1, 110));
        assertThat(Crossing.of(racks, List.of("a1/0", "b1/0", "b1/1"), CHAIN))
                .containsExactly(new Crossing("rack", 1, 110));
    }

    @Test
    void aMachineByItselfHasNoLevels() {
        Topology machine = Topology.flat(3, slot("slot"));

        assertThat(Crossing.of(machine, List.of("slot-0", "slot-1", "slot-2"), CHAIN))
                .isEmpty();
    }

    private static Domain host(String name, double uplinkBytesPerSecond) {
        return new Domain(
                name,
                Topology.HOST_LEVEL,
                uplinkBytesPerSecond,
                0,
                0,
                List.<Node>of(slot(name + "/0"), slot(name + "/1")));
    }

    private static Slot slot(String name) {
        return new Slot(name, FAST, 0, Long.MAX_VALUE, 1);
    }
}
