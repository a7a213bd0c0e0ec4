package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Ten thousand jobs under random faults, in virtual time. A seed that fails is printed with its history and becomes a
/// case of its own.
class LifecycleSimulationTest {
    private static final int RUNS = 10_000;
    private static final int TOTAL_STEPS = 40;
    /// So long faults go on at most; then all is mended but what only the operator can mend.
    private static final int MAX_FAULT_TICKS = 200;
    /// Far more ticks than the slowest job needs after that, so that one that never ends is found.
    private static final int MAX_TICKS = 3_000;

    @Test
    void everyJobEndsCompleteOrFailedForTheRightReasonWhateverFails() {
        long first = Long.getLong("pipelinejob.simulation.seed", 20_260_101L);
        int runs = Integer.getInteger("pipelinejob.simulation.runs", RUNS);
        int failed = 0;
        int takeovers = 0;
        for (int run = 0; run < runs; run++) {
            Fate fate = simulate(first + run);
            failed += fate.completed() ? 0 : 1;
            takeovers += fate.takeovers();
        }
        System.out.printf(
                "Simulated %d jobs from seed %d: %d failed for good, and a spare took over %d times.%n",
                runs, first, failed, takeovers);
        assertThat(failed).as("most jobs survive").isLessThan(1 + runs / 2);
        assertThat(takeovers).as("spares are used").isGreaterThanOrEqualTo(runs / 20);
    }

    /// What became of a job.
    ///
    /// @param takeovers how often a spare took over a rank
    private record Fate(boolean completed, int takeovers) {}

    private static Fate simulate(long seed) {
        Random random = new Random(seed);
        SimulatedCluster cluster = new SimulatedCluster(random, TOTAL_STEPS);
        try {
            boolean completed = simulate(cluster, random);
            return new Fate(completed, cluster.takeovers);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "Failed with -Dpipelinejob.simulation.seed=%d -Dpipelinejob.simulation.runs=1 after:%n%s%n%s"
                            .formatted(seed, String.join("\n", cluster.history), cluster),
                    e);
        }
    }

    /// Whether the job completed.
    private static boolean simulate(SimulatedCluster cluster, Random random) {
        int room = cluster.nodes.stream().mapToInt(node -> node.capacity).sum();
        int least = 1 + random.nextInt(Math.min(3, room));
        int most = least + random.nextInt(2);
        int spares = random.nextInt(3);
        SimulatedPlanner planner = new SimulatedPlanner(cluster, least, most, spares);
        SimulatedLeaders leaders = new SimulatedLeaders(cluster, planner);
        SimulatedFaults faults = new SimulatedFaults(cluster);
        FailurePolicy policy = policy(random);
        boolean holds = false;
        int faultEvery = 5 + random.nextInt(50);
        int faultTicks = random.nextInt(MAX_FAULT_TICKS);
        for (int tick = 0; tick < MAX_FAULT_TICKS + MAX_TICKS; tick++) {
            boolean calm = tick > faultTicks;
            if (!calm && random.nextInt(100) == 0) {
                holds = !holds;
                cluster.note(holds ? "is suspended" : "is resumed");
            }
            leaders.round(job(policy, holds && !calm).withSpares(spares), calm);
            Journal.Ending ended = leaders.journal().ended();
            if (ended != null) {
                check(cluster, leaders, faults, policy, ended);
                return ended.complete();
            }
            cluster.tick();
            if (!calm && random.nextInt(faultEvery) == 0) {
                faults.strike();
            }
            faults.heal(calm);
        }
        throw new AssertionError("The job never ends: " + leaders.last());
    }

    private static void check(
            SimulatedCluster cluster,
            SimulatedLeaders leaders,
            SimulatedFaults faults,
            FailurePolicy policy,
            Journal.Ending ended) {
        if (ended.complete()) {
            assertThat(cluster.store.finalStep()).isEqualTo(TOTAL_STEPS);
        } else if (ended.reason().equals("PodFailurePolicy")) {
            assertThat(faults.userError).isTrue();
        } else {
            assertThat(ended.reason()).isEqualTo("BackoffLimitExceeded");
            assertThat(faults.chargeable)
                    .as("the budget is spent by real faults only")
                    .isGreaterThan(policy.maxRestarts());
        }
        for (int tick = 0; tick < 400 && !cluster.pods.isEmpty(); tick++) {
            leaders.round(job(policy, false), true);
            assertThat(leaders.journal().ended()).as("an end never changes").isEqualTo(ended);
            faults.heal(true);
            cluster.tick();
        }
        assertThat(cluster.pods).as("nothing is left behind").isEmpty();
        for (Restart restart : leaders.journal().history()) {
            assertThat(restart.lostSteps()).isBetween(0, TOTAL_STEPS);
        }
    }

    private static FailurePolicy policy(Random random) {
        return new FailurePolicy(
                random.nextInt(4) == 0 ? 1_000 : random.nextInt(8),
                Duration.ofHours(24),
                Duration.ofSeconds(30),
                Duration.ofMillis(500),
                Duration.ofSeconds(4),
                random.nextInt(5) == 0,
                List.of(Scene.USER_ERROR),
                Duration.ofSeconds(3),
                random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(5),
                random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(30),
                Duration.ofSeconds(20));
    }

    private static JobFacts job(FailurePolicy policy, boolean suspended) {
        // Long enough that healthy workers and their late news practically never count as failed.
        JobFacts.Limits limits =
                new JobFacts.Limits(Duration.ofSeconds(20), Duration.ofSeconds(15), Duration.ofSeconds(15), null, null);
        return new JobFacts("sim", TOTAL_STEPS, suspended, true, policy, limits);
    }
}
