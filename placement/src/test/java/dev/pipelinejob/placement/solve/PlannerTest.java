package dev.pipelinejob.placement.solve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.placement.cost.CatalogueCosts;
import dev.pipelinejob.placement.cost.CatalogueModel;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.plan.Stage;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final long GIB = 1L << 30;
    private static final ModelGraph GPT = CatalogueCosts.graph(
            new CatalogueModel.Gpt(12, 256, 8, 128, 256, true), 4, CatalogueCosts.CPU_CORE_FLOPS_PER_SECOND);

    @Test
    void threeSlotsOnTwoCoresAreAtMostTwiceAsFastAsOne() {
        Outcome one = solve(problem(machine(3, 2, GIB), StageLimits.exactly(1), new Strategy.Optimize()));
        Outcome three = solve(problem(machine(3, 2, GIB), StageLimits.atMost(3), new Strategy.Optimize()));

        double oneMicros = one.found().orElseThrow().predictedStepMicros();
        double threeMicros = three.found().orElseThrow().predictedStepMicros();
        assertThat(threeMicros).isGreaterThanOrEqualTo(oneMicros / 2);
        assertThat(threeMicros).isLessThan(oneMicros * 0.6);
    }

    @Test
    void aWorkerThatEarnsNothingIsLeftOut() {
        Outcome outcome = solve(problem(machine(8, 1, GIB), StageLimits.atMost(8), new Strategy.Optimize()));

        assertThat(stages(outcome)).hasSize(1);
    }

    @Test
    void threeStagesAreHonouredOnTwoCores() {
        Outcome outcome = solve(problem(machine(3, 2, GIB), StageLimits.exactly(3), new Strategy.Optimize()));

        assertThat(outcome).isInstanceOf(Outcome.Optimal.class);
        assertThat(stages(outcome)).hasSize(3);
        assertThat(stages(outcome)).allMatch(stage -> stage.endLayer() - stage.firstLayer() >= 4);
    }

    @Test
    void ownCoresAreAllUsed() {
        Outcome outcome = solve(problem(machine(4, 4, GIB), StageLimits.atMost(8), new Strategy.Optimize()));

        assertThat(stages(outcome)).hasSize(4);
        assertThat(outcome.found().orElseThrow().plan().schedule()).isEqualTo(ScheduleKind.ONE_FORWARD_ONE_BACKWARD);
    }

    @Test
    void packingUsesAsFewHostsAsHoldTheModel() {
        Topology cluster = cluster(3, 2, 400L << 20);

        Outcome spread = solve(problem(cluster, StageLimits.atMost(6), new Strategy.Optimize()));
        Outcome packed = solve(problem(cluster, StageLimits.atMost(6), new Strategy.Pack()));

        assertThat(hosts(cluster, spread)).isEqualTo(3);
        assertThat(hosts(cluster, packed)).isEqualTo(1);
    }

    @Test
    void manualStagesStayAsGiven() {
        Outcome outcome =
                solve(problem(machine(4, 4, GIB), StageLimits.atMost(1), new Strategy.Manual(List.of(2, 9, 14))));

        assertThat(stages(outcome)).extracting(Stage::endLayer).containsExactly(2, 9, 14);
    }

    @Test
    void manualStagesThatMissLayersAreRefused() {
        Outcome outcome = solve(problem(machine(4, 4, GIB), StageLimits.atMost(4), new Strategy.Manual(List.of(2, 9))));

        assertThat(((Outcome.Infeasible) outcome).reason()).contains("[2, 9]").contains("14");
    }

    @Test
    void aModelThatDoesNotFitIsExplained() {
        Outcome outcome = solve(problem(machine(2, 2, 8L << 20), StageLimits.atMost(2), new Strategy.Optimize()));

        Outcome.Infeasible infeasible = (Outcome.Infeasible) outcome;
        assertThat(infeasible.reason())
                .contains("Stage")
                .contains("MiB but slot slot-")
                .contains("Maybe add slots");
        assertThat(infeasible.neededBytes()).isGreaterThan(infeasible.availableBytes());
        assertThat(infeasible.availableBytes()).isEqualTo(8L << 20);
        assertThat(infeasible.endLayer()).isGreaterThan(infeasible.firstLayer());
    }

    @Test
    void moreStagesThanSlotsAreRefused() {
        Outcome outcome = solve(problem(machine(2, 2, GIB), StageLimits.exactly(3), new Strategy.Optimize()));

        assertThat(((Outcome.Infeasible) outcome).reason()).contains("3 stages").contains("2 slots");
    }

    @Test
    void rematerializationIsOnOnlyWhenNeeded() {
        Outcome roomy = solve(problem(machine(3, 3, GIB), StageLimits.exactly(3), new Strategy.Optimize()));
        Outcome narrow = solve(problem(machine(3, 3, 160L << 20), StageLimits.exactly(3), new Strategy.Optimize()));

        assertThat(roomy.found().orElseThrow().plan().rematerialize()).isFalse();
        assertThat(narrow.found().orElseThrow().plan().rematerialize()).isTrue();
    }

    @Test
    void whenTimeRunsOutThePlanSaysHowFarItMayBeOff() {
        PlacementProblem problem = problem(machine(8, 8, GIB), StageLimits.exactly(4), new Strategy.Optimize());

        Outcome outcome = Planner.solve(problem, SearchLimit.work(10));

        assertThat(outcome).isInstanceOf(Outcome.Feasible.class);
        assertThat(outcome.found().orElseThrow().gapPercent()).isBetween(0.0, 50.0);
    }

    @Test
    void theFirstSlotsAreFilledAndTheLastStayFree() {
        Outcome outcome = solve(problem(cluster(3, 3, GIB), StageLimits.exactly(7), new Strategy.Optimize()));

        assertThat(outcome.found().orElseThrow().plan().slots())
                .containsExactly("slot-0-0", "slot-0-1", "slot-0-2", "slot-1-0", "slot-1-1", "slot-1-2", "slot-2-0");
    }

    @Test
    void equalProblemsHaveEqualOutcomes() {
        PlacementProblem problem = problem(cluster(4, 2, GIB), StageLimits.atMost(8), new Strategy.Optimize());

        assertThat(solve(problem)).isEqualTo(solve(problem));
    }

    @Test
    void aHundredLayersOnSixtyFourSlotsAreNoTrouble() {
        ModelGraph deep = CatalogueCosts.graph(
                new CatalogueModel.Gpt(98, 512, 8, 128, 256, false), 1, CatalogueCosts.CPU_CORE_FLOPS_PER_SECOND);
        PlacementProblem problem = new PlacementProblem(
                deep,
                cluster(8, 8, GIB),
                32,
                ScheduleKind.ONE_FORWARD_ONE_BACKWARD,
                Rematerialization.NEVER,
                StageLimits.exactly(64),
                new Strategy.Optimize());

        assertThat(solve(problem)).isInstanceOf(Outcome.Optimal.class);
    }

    @Test
    void theWorkOfManyStagesOnManyHostsGrowsWithTheirProductAndNotFaster() {
        int layers = 256;
        ModelGraph deep = CatalogueCosts.graph(
                new CatalogueModel.Gpt(layers - 2, 64, 4, 64, 256, false), 1, CatalogueCosts.CPU_CORE_FLOPS_PER_SECOND);
        int hosts = 500;
        int slots = 8;
        PlacementProblem problem = new PlacementProblem(
                deep,
                cluster(hosts, slots, GIB),
                64,
                ScheduleKind.ONE_FORWARD_ONE_BACKWARD,
                Rematerialization.NEVER,
                StageLimits.exactly(layers),
                new Strategy.Optimize());

        Outcome outcome = Planner.solve(problem, SearchLimit.work(30L * layers * hosts * slots));

        assertThat(outcome instanceof Outcome.Optimal).isTrue();
    }

    private static Outcome solve(PlacementProblem problem) {
        return Planner.solve(problem, SearchLimit.work(Long.MAX_VALUE));
    }

    private static PlacementProblem problem(Topology topology, StageLimits stages, Strategy strategy) {
        @Nullable ScheduleKind open = null;
        return new PlacementProblem(GPT, topology, 8, open, Rematerialization.AUTO, stages, strategy);
    }

    private static Topology machine(int slots, int cores, long memoryBytes) {
        return new Topology(new Domain(
                "machine",
                Topology.HOST_LEVEL,
                Double.POSITIVE_INFINITY,
                0,
                cores,
                slots("slot-", slots, memoryBytes)));
    }

    private static Topology cluster(int hosts, int slots, long memoryBytes) {
        List<Node> children = new ArrayList<>();
        for (int host = 0; host < hosts; host++) {
            children.add(new Domain(
                    "host-" + host,
                    Topology.HOST_LEVEL,
                    1.25e9,
                    50,
                    0,
                    slots("slot-" + host + "-", slots, memoryBytes)));
        }
        return new Topology(Domain.unlimited("rack", "rack", children));
    }

    private static List<Node> slots(String prefix, int count, long memoryBytes) {
        List<Node> slots = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            slots.add(new Slot(prefix + index, 1e9, 100, memoryBytes, 1));
        }
        return slots;
    }

    private static List<Stage> stages(Outcome outcome) {
        return outcome.found().orElseThrow().plan().stages();
    }

    private static long hosts(Topology topology, Outcome outcome) {
        return outcome.found().orElseThrow().plan().slots().stream()
                .map(topology::hostOf)
                .distinct()
                .count();
    }
}
