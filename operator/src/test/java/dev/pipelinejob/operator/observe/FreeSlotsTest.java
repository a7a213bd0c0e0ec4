package dev.pipelinejob.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.operator.observe.NodeFacts.Taint;
import dev.pipelinejob.operator.planning.ClusterTopology.Machine;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Where there is room for slots, and what is said about where there is none.
class FreeSlotsTest {
    private static final String GPU = "nvidia.com/gpu";
    private static final long GIB = 1L << 30;
    private static final String OURS = "our-uid";
    private static final SlotNeeds CPU_SLOT = needs(Map.of());
    private static final SlotNeeds GPU_SLOT = needs(Map.of(GPU, 2L));

    private static SlotNeeds needs(Map<String, Long> devices) {
        return new SlotNeeds(new Amounts(1000, GIB, 0, devices), 0, Map.of(), List.of(), List.of(), Set.of("amd64"));
    }

    private static NodeFacts node(String name, Map<String, Long> devices) {
        return new NodeFacts(
                name,
                Map.of("kubernetes.io/arch", "amd64"),
                List.of(),
                false,
                true,
                new Amounts(4000, 16 * GIB, 0, devices),
                110);
    }

    private static NodeFacts with(NodeFacts node, List<Taint> taints, boolean cordoned, boolean ready) {
        return new NodeFacts(node.name(), node.labels(), taints, cordoned, ready, node.allocatable(), node.maxPods());
    }

    private static PodFacts pod(String node, String job, long cpuMillis, Map<String, Long> devices) {
        return new PodFacts(node, job, new Amounts(cpuMillis, GIB, 0, devices));
    }

    private static Capacity find(List<NodeFacts> nodes, List<PodFacts> pods, SlotNeeds needs) {
        return FreeSlots.find(nodes, pods, OURS, needs, Set.of());
    }

    @Test
    void asManyCpuSlotsAsCoresAndMemoryHold() {
        Capacity room = find(List.of(node("n1", Map.of())), List.of(), CPU_SLOT);

        assertThat(room.machines())
                .containsExactly(new Machine("n1", room.machines().getFirst().labels(), 4, 4 * GIB, 0));
        assertThat(room.sentence()).isEqualTo("There is room for 4 workers of 1.0 cpu, 1024 MiB: 4 on n1.");
    }

    @Test
    void othersPodsTakeRoomButOurOwnDoNot() {
        List<PodFacts> pods = List.of(
                pod("n1", "", 500, Map.of()), pod("n1", "other-uid", 1000, Map.of()), pod("n1", OURS, 2000, Map.of()));

        assertThat(find(List.of(node("n1", Map.of())), pods, CPU_SLOT).slots()).isEqualTo(2);
    }

    @Test
    void aSlotTakesWholeGroupsOfDevices() {
        List<NodeFacts> nodes = List.of(node("n1", Map.of(GPU, 5L)), node("n2", Map.of(GPU, 2L)));

        Capacity room = find(nodes, List.of(pod("n2", "", 100, Map.of(GPU, 1L))), GPU_SLOT);

        assertThat(room.slots()).isEqualTo(2);
        assertThat(room.sentence())
                .isEqualTo("There is room for 2 workers of 2 nvidia.com/gpu, 1.0 cpu, 1024 MiB: 2 on n1; n2 has"
                        + " no free nvidia.com/gpu.");
    }

    @Test
    void podsThatEndedOrWaitForNoNodeTakeNothing() {
        List<PodFacts> pods = List.of(new PodFacts("n1", "", Amounts.NONE), pod("", "", 4000, Map.of()));

        assertThat(find(List.of(node("n1", Map.of())), pods, CPU_SLOT).slots()).isEqualTo(4);
    }

    @Test
    void theLimitOfPodsCounts() {
        NodeFacts small =
                new NodeFacts("n1", Map.of(), List.of(), false, true, new Amounts(4000, GIB * 16, 0, Map.of()), 2);

        assertThat(find(List.of(small), List.of(pod("n1", "", 0, Map.of())), CPU_SLOT)
                        .slots())
                .isEqualTo(1);
    }

    @Test
    void saysWhyNodesAreLeftOut() {
        NodeFacts arm = new NodeFacts(
                "arm",
                Map.of("kubernetes.io/arch", "arm64"),
                List.of(),
                false,
                true,
                node("x", Map.of()).allocatable(),
                110);
        List<NodeFacts> nodes = List.of(
                arm,
                with(node("away", Map.of()), List.of(), false, false),
                with(node("closed", Map.of()), List.of(), true, true),
                with(node("full-1", Map.of()), List.of(), false, true),
                with(node("full-2", Map.of()), List.of(), false, true),
                with(node("reserved", Map.of()), List.of(new Taint("team", "b", "NoSchedule")), false, true));
        List<PodFacts> pods = List.of(pod("full-1", "", 3500, Map.of()), pod("full-2", "", 4000, Map.of()));

        Capacity room = find(nodes, pods, CPU_SLOT);

        assertThat(room.machines()).isEmpty();
        assertThat(room.leftOut())
                .extracting(LeftOut::reason)
                .containsExactly(
                        LeftOut.Reason.ARCHITECTURE,
                        LeftOut.Reason.NOT_READY,
                        LeftOut.Reason.CORDONED,
                        LeftOut.Reason.FULL,
                        LeftOut.Reason.FULL,
                        LeftOut.Reason.TAINTED);
        assertThat(room.sentence())
                .isEqualTo(
                        "There is room for 0 workers of 1.0 cpu, 1024 MiB: full-1, full-2 have no free cpu, closed is"
                                + " cordoned, away is not ready, reserved has the taint team=b:NoSchedule, which the job does"
                                + " not tolerate, and more.");
    }

    @Test
    void aNodeThatIsStillTaintedAsUnreachableTakesNoWorkerThatToleratesThat() {
        Taint taint = new Taint("node.kubernetes.io/unreachable", "", "NoExecute");

        Capacity room = find(
                List.of(with(node("back", Map.of()), List.of(taint), false, true), node("n1", Map.of())),
                List.of(),
                CPU_SLOT);

        assertThat(room.leftOut()).containsExactly(new LeftOut("back", LeftOut.Reason.NOT_READY, ""));
    }

    @Test
    void nodesThatNeverHadTheDeviceAreToldFromFullOnes() {
        Capacity room = find(List.of(node("n1", Map.of())), List.of(), GPU_SLOT);

        assertThat(room.leftOut()).containsExactly(new LeftOut("n1", LeftOut.Reason.TOO_SMALL, GPU));
        assertThat(room.sentence()).endsWith(": n1 offers too little nvidia.com/gpu.");
    }

    @Test
    void anEmptyClusterSaysSo() {
        assertThat(find(List.of(), List.of(), CPU_SLOT).sentence()).endsWith("the cluster has no nodes.");
    }

    @Test
    void aToleratedTaintKeepsNothingAway() {
        Toleration everything = new Toleration(null, null, "Exists", null, null);
        Toleration other = new Toleration("NoExecute", "team", "Equal", null, "b");
        NodeFacts tainted = with(node("n1", Map.of()), List.of(new Taint("team", "b", "NoSchedule")), false, true);
        NodeFacts asked = with(node("n1", Map.of()), List.of(new Taint("team", "b", "PreferNoSchedule")), false, true);

        assertThat(find(List.of(tainted), List.of(), tolerating(everything)).slots())
                .isEqualTo(4);
        assertThat(find(List.of(tainted), List.of(), tolerating(other)).slots()).isZero();
        assertThat(find(List.of(asked), List.of(), CPU_SLOT).slots()).isEqualTo(4);
    }

    private static SlotNeeds tolerating(Toleration toleration) {
        return new SlotNeeds(
                CPU_SLOT.requests(), 0, Map.of(), List.of(), List.of(toleration), CPU_SLOT.architectures());
    }

    @Test
    void onlyNodesThatTheUserAskedForCount() {
        NodeSelectorTerm inZoneA =
                new NodeSelectorTerm(List.of(new NodeSelectorRequirement("zone", "In", List.of("a"))), List.of());
        NodeSelectorTerm notTheBrokenOne = new NodeSelectorTerm(
                List.of(), List.of(new NodeSelectorRequirement("metadata.name", "NotIn", List.of("n1"))));

        assertThat(select(Map.of("pool", "x"), List.of()).slots()).isZero();
        assertThat(select(Map.of(), List.of(inZoneA)).slots()).isZero();
        assertThat(select(Map.of(), List.of(notTheBrokenOne)).slots()).isZero();
        assertThat(select(
                                Map.of(),
                                List.of(
                                        inZoneA,
                                        new NodeSelectorTerm(
                                                List.of(new NodeSelectorRequirement("zone", "DoesNotExist", List.of())),
                                                List.of())))
                        .slots())
                .isEqualTo(4);
    }

    private static Capacity select(Map<String, String> selector, List<NodeSelectorTerm> terms) {
        return find(
                List.of(node("n1", Map.of())),
                List.of(),
                new SlotNeeds(CPU_SLOT.requests(), 0, selector, terms, List.of(), CPU_SLOT.architectures()));
    }

    @Test
    void nodesThatFailedLatelyAreAvoided() {
        Capacity room = FreeSlots.find(
                List.of(node("n1", Map.of()), node("n2", Map.of())), List.of(), OURS, CPU_SLOT, Set.of("n1"));

        assertThat(room.machines()).extracting(Machine::name).containsExactly("n2");
        assertThat(room.sentence()).endsWith("; n1 failed lately and is avoided.");
    }

    @Test
    void slotsOfLessThanACoreShareTheCores() {
        SlotNeeds half = new SlotNeeds(
                new Amounts(500, GIB, 0, Map.of()), 2 * GIB, Map.of(), List.of(), List.of(), Set.of("amd64"));

        Machine machine =
                find(List.of(node("n1", Map.of())), List.of(), half).machines().getFirst();

        assertThat(machine.slots()).isEqualTo(8);
        assertThat(machine.sharedCores()).isEqualTo(4);
        assertThat(machine.memoryBytes()).isEqualTo(2 * GIB);
    }
}
