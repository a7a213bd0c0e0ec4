package dev.pipelinejob.placement.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.schedule.ScheduleGenerator;
import dev.pipelinejob.placement.schedule.ScheduleValidator;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlannerPropertyTest {
    private static final int CASES = 1_500;

    @Test
    void theBottleneckEqualsExhaustiveSearchInLeafOrder() {
        long seed = 20260103;
        RandomProblem problems = new RandomProblem(new Random(seed));
        int feasible = 0;
        int infeasible = 0;
        for (int round = 0; round < CASES; round++) {
            PlacementProblem problem = problems.next(round % 2 == 0);
            double expected = expected(problem, false);

            Outcome outcome = Planner.solve(problem, SearchLimit.work(Long.MAX_VALUE));

            String name = "seed " + seed + ", round " + round + ", " + problem;
            if (expected == Double.POSITIVE_INFINITY) {
                assertThat(outcome).as(name).isInstanceOf(Outcome.Infeasible.class);
                infeasible++;
            } else {
                assertThat(outcome).as(name).isInstanceOf(Outcome.Optimal.class);
                checkFound(problem, outcome.found().orElseThrow(), expected, name);
                feasible++;
            }
        }
        assertThat(feasible).isGreaterThan(500);
        assertThat(infeasible).isGreaterThan(100);
    }

    @Test
    void aBoundForAnyOrderHoldsForAnyOrder() {
        long seed = 20260104;
        RandomProblem problems = new RandomProblem(new Random(seed));
        int anyOrder = 0;
        int found = 0;
        for (int round = 0; round < 400; round++) {
            PlacementProblem problem = problems.next(true);
            Outcome outcome = Planner.solve(problem, SearchLimit.work(Long.MAX_VALUE));
            found += outcome.found().isPresent() ? 1 : 0;
            boolean isAnyOrder = outcome.found()
                    .filter(plan -> plan.boundKind() == BoundKind.CONTIGUOUS)
                    .isPresent();
            if (isAnyOrder) {
                anyOrder++;
                double expected = expected(problem, true);
                assertThat(outcome.found().orElseThrow().bottleneckMicros())
                        .as("seed %d, round %d, %s", seed, round, problem)
                        .isCloseTo(expected, within(1e-9 * expected));
            }
        }
        assertThat(anyOrder).as("of %d plans", found).isGreaterThan(found / 2);
    }

    private static double expected(PlacementProblem problem, boolean anyOrder) {
        ScheduleKind schedule = Objects.requireNonNull(problem.schedule());
        boolean rematerialize = problem.rematerialization() == Rematerialization.ALWAYS;
        return new ExhaustiveSearch(problem, schedule, rematerialize, anyOrder)
                .bottleneckMicros(problem.stages().min());
    }

    private static void checkFound(PlacementProblem problem, Outcome.Found found, double expected, String name) {
        Plan plan = found.plan();
        assertThat(found.bottleneckMicros()).as(name).isCloseTo(expected, within(1e-9 * expected));
        assertThat(found.lowerBoundMicros()).as(name).isCloseTo(expected, within(1e-9 * expected));
        assertThat(found.gapPercent()).as(name).isCloseTo(0, within(1e-6));
        assertThat(found.stepLowerBoundMicros())
                .as(name)
                .isLessThanOrEqualTo(found.simulation().stepMicros() * (1 + 1e-9));
        assertThat(plan.check(problem.graph(), problem.topology())).as(name).isEmpty();
        assertThat(ScheduleValidator.check(ScheduleGenerator.generate(problem.graph(), plan), plan))
                .as(name)
                .isEmpty();
        for (int rank = 0; rank < plan.slots().size(); rank++) {
            assertThat(found.simulation().peakMemoryBytes().get(rank))
                    .as(name)
                    .isLessThanOrEqualTo(
                            problem.topology().slot(plan.slots().get(rank)).memoryBytes());
        }
    }
}
