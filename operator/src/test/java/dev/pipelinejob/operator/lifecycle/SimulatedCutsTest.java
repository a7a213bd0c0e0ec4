package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What a cut network costs when nothing else goes wrong, in virtual time: one restart for a node, none for the
/// operator's own links.
class SimulatedCutsTest {
    private static final int RUNS = 300;
    private static final long FIRST_SEED = 7_000;
    private static final int TOTAL_STEPS = 60;
    private static final int MAX_TICKS = 2_000;
    private static final Duration UNREACHABLE = Duration.ofSeconds(3);
    /// So long after the cut the simulated cluster itself calls a node lost.
    private static final Duration CONDITION = Duration.ofSeconds(10);
    private static final int LINK_TICKS = 40;

    private static final class Run {
        final long seed;
        final SimulatedCluster cluster;
        final SimulatedLeaders leaders;

        Run(long seed) {
            this.seed = seed;
            Random random = new Random(seed);
            this.cluster = new SimulatedCluster(random, TOTAL_STEPS);
            this.leaders = new SimulatedLeaders(cluster, new SimulatedPlanner(cluster, 2, 2, 0));
        }

        void tick() {
            leaders.round(JOB, true);
            cluster.tick();
        }

        void untilStep(int step) {
            for (int tick = 0; cluster.reachedStep < step; tick++) {
                assertThat(tick).as("seed %d: %s", seed, cluster).isLessThan(MAX_TICKS);
                tick();
            }
        }

        List<Restart> complete() {
            for (int tick = 0; leaders.journal().ended() == null; tick++) {
                assertThat(tick).as("seed %d: %s", seed, cluster).isLessThan(MAX_TICKS);
                tick();
            }
            assertThat(Objects.requireNonNull(leaders.journal().ended()).complete())
                    .as("seed %d: %s after%n%s", seed, leaders.journal(), String.join("\n", cluster.history))
                    .isTrue();
            return leaders.journal().history();
        }

        List<SimulatedNode> seatedNodes() {
            return cluster.attempts.lastEntry().getValue().seats().stream()
                    .map(Seat::node)
                    .distinct()
                    .map(cluster::node)
                    .toList();
        }
    }

    private static final JobFacts JOB = new JobFacts(
            "cut",
            TOTAL_STEPS,
            false,
            true,
            new FailurePolicy(
                    0,
                    Duration.ofHours(24),
                    Duration.ofSeconds(30),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(4),
                    false,
                    List.of(),
                    UNREACHABLE,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(5)),
            new JobFacts.Limits(Duration.ofSeconds(60), Duration.ofSeconds(15), Duration.ofSeconds(15), null, null));

    @Test
    void aNodeThatIsCutOffCostsOneRestartFoundBySilence() {
        int cuts = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
            Run run = new Run(seed);
            run.untilStep(7);
            List<SimulatedNode> nodes = run.seatedNodes();
            if (nodes.size() < 2) {
                continue;
            }
            cuts++;
            Instant cutAt = run.cluster.now;
            nodes.getFirst().cutSince = cutAt;

            List<Restart> history = run.complete();

            assertThat(history).as("seed %d", seed).hasSize(1);
            assertThat(history.getFirst().cause()).as("seed %d", seed).isEqualTo(Cause.NODE_LOST);
            assertThat(history.getFirst().detectedAt())
                    .as("seed %d", seed)
                    .isBetween(cutAt.plus(UNREACHABLE), cutAt.plus(CONDITION));
        }
        assertThat(cuts).isGreaterThan(RUNS / 4);
    }

    @Test
    void theOperatorsOwnLinksCostNothing() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
            Run run = new Run(seed);
            run.untilStep(7);
            boolean all = seed % 2 == 0;
            run.cluster.pods.stream().limit(all ? Long.MAX_VALUE : 1).forEach(pod -> pod.linkDown = true);
            for (int tick = 0; tick < LINK_TICKS; tick++) {
                run.tick();
            }
            run.cluster.pods.forEach(pod -> pod.linkDown = false);

            assertThat(run.complete()).as("seed %d", seed).isEmpty();
        }
    }
}
