package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Thousands of jobs under random faults. A seed that fails is printed and becomes a case of its own.
class LifecycleSimulationTest {
    private static final int RUNS = 2000;
    private static final int TOTAL_STEPS = 40;
    /// Far more ticks than the slowest run needs, so that a run that never ends is found.
    private static final int MAX_TICKS = 8_000;

    @Test
    void everyJobEndsCompleteOrFailedForTheRightReasonWhateverFails() {
        long first = Long.getLong("pipelinejob.simulation.seed", 20_260_101L);
        int failed = 0;
        for (int run = 0; run < RUNS; run++) {
            long seed = first + run;
            try {
                failed += simulate(seed) ? 0 : 1;
            } catch (AssertionError e) {
                throw new AssertionError("Failed with -Dpipelinejob.simulation.seed=" + seed, e);
            }
        }
        assertThat(failed).as("most jobs survive").isLessThan(RUNS / 2);
        System.out.printf("Simulated %d jobs from seed %d: %d failed for good.%n", RUNS, first, failed);
    }

    /// Whether the job completed.
    private static boolean simulate(long seed) {
        Random random = new Random(seed);
        SimulatedWorld world = new SimulatedWorld(job(random.nextInt(8)), random, 1 + random.nextInt(4));
        int faultsLeft = random.nextInt(12);
        int faultEvery = 5 + random.nextInt(60);
        for (int tick = 0; tick < MAX_TICKS; tick++) {
            world.round();
            if (world.journal.ended() != null) {
                check(world);
                return world.journal.ended().complete();
            }
            world.tick();
            if (faultsLeft > 0 && random.nextInt(faultEvery) == 0) {
                new SimulatedFaults(world).strike();
                faultsLeft--;
            }
            new SimulatedFaults(world).heal();
        }
        throw new AssertionError("The job never ends: " + world.last + "\nslots: "
                + world.observe().slots());
    }

    private static void check(SimulatedWorld world) {
        Journal.Ending ended = Objects.requireNonNull(world.journal.ended());
        if (ended.complete()) {
            assertThat(world.finalStep).isEqualTo(TOTAL_STEPS);
        } else if (world.userError) {
            assertThat(ended.reason()).isIn("PodFailurePolicy", "BackoffLimitExceeded");
        } else {
            assertThat(ended.reason()).isEqualTo("BackoffLimitExceeded");
            assertThat(world.chargeableFaults)
                    .as("the budget is spent by real faults only")
                    .isGreaterThan(world.job.failurePolicy().maxRestarts());
        }
        assertThat(world.journal.history().size()).isLessThanOrEqualTo(Journal.MAX_HISTORY);
        for (Restart restart : world.journal.history()) {
            Instant first = restart.firstStepAt();
            if (first != null) {
                assertThat(first).isAfterOrEqualTo(restart.detectedAt());
            }
            assertThat(restart.lostSteps()).isBetween(0, TOTAL_STEPS);
        }
        world.round();
        assertThat(world.slots).allMatch(slot -> slot.presence instanceof Presence.Absent);
    }

    private static JobFacts job(int maxRestarts) {
        return new JobFacts(
                "sim",
                TOTAL_STEPS,
                false,
                true,
                new FailurePolicy(
                        maxRestarts,
                        Duration.ofHours(24),
                        Duration.ofSeconds(30),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(4),
                        false,
                        List.of(Scene.USER_ERROR),
                        Duration.ofSeconds(3),
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ofSeconds(20)),
                new JobFacts.Limits(Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(5), null, null));
    }
}
