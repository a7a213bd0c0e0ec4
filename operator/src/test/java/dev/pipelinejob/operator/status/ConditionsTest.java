package dev.pipelinejob.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.Condition;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.ConditionStatus;
import dev.pipelinejob.operator.lifecycle.FailurePolicy;
import dev.pipelinejob.operator.lifecycle.Hold;
import dev.pipelinejob.operator.lifecycle.Inventory;
import dev.pipelinejob.operator.lifecycle.JobFacts;
import dev.pipelinejob.operator.lifecycle.Journal;
import dev.pipelinejob.operator.lifecycle.Lifecycle;
import dev.pipelinejob.operator.lifecycle.Observation;
import dev.pipelinejob.operator.lifecycle.PlanReference;
import dev.pipelinejob.operator.lifecycle.PlanningState;
import dev.pipelinejob.operator.lifecycle.Round;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What conditions say at the stations of a job's life, word for word.
class ConditionsTest {
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = FIRST.plusSeconds(60);
    private static final JobFacts JOB = new JobFacts(
            "gpt",
            500,
            false,
            true,
            new FailurePolicy(
                    1,
                    Duration.ofHours(24),
                    Duration.ofHours(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(300),
                    false,
                    List.of(),
                    Duration.ofSeconds(10),
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ofSeconds(900)),
            new JobFacts.Limits(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(60), null, null));
    private static final PlanningState PLANNED =
            new PlanningState.Proposed(new PlanReference("digest", List.of(0)), false);

    @Test
    void aNewJobIsBeingPlanned() {
        assertThat(words(conditions(List.of(), new PlanningState.NotAsked(), null, FIRST)))
                .containsExactly(
                        "Placed=False Planning: The planner is at work.",
                        "PodsReady=False Planning: Planning.",
                        "Progressing=False Planning: Planning.",
                        "Restarting=False NotRestarting",
                        "Complete=False NotComplete",
                        "Failed=False NotFailed");
    }

    @Test
    void aPlacedJobWaitsForItsWorkers() {
        assertThat(words(conditions(List.of(), PLANNED, null, FIRST)))
                .containsExactly(
                        "Placed=True PlacementFeasible: 1 workers.",
                        "PodsReady=False Starting: Waiting for 1 of 1 workers.",
                        "Progressing=False Starting: Waiting for 1 of 1 workers.",
                        "Restarting=False NotRestarting",
                        "Complete=False NotComplete",
                        "Failed=False NotFailed");
    }

    @Test
    void aCompleteJobSaysSo() {
        Inventory done = new Inventory(List.of(500), 500, "", "");

        assertThat(words(conditions(List.of(), PLANNED, done, FIRST)))
                .contains("Complete=True Completed: Trained all its steps; the last is 500.", "Failed=False NotFailed");
    }

    @Test
    void aHeldJobSaysWhyAndALaterOneThatItGoesOn() {
        List<Condition> queued = conditions(JOB.held(Hold.QUEUE_MISSING), List.of(), PLANNED, null, FIRST);
        List<Condition> suspended = conditions(JOB.held(Hold.SUSPENDED), queued, PLANNED, null, LATER);
        List<Condition> resumed = conditions(JOB, suspended, PLANNED, null, LATER);

        assertThat(words(queued)).first().asString().startsWith("Suspended=True QueueIntegrationMissing: The label");
        assertThat(words(suspended)).first().isEqualTo("Suspended=True JobSuspended: Suspended by spec.suspend.");
        assertThat(suspended.getFirst().lastTransitionTime()).isEqualTo(FIRST);
        assertThat(words(resumed)).first().isEqualTo("Suspended=False JobResumed: The job goes on.");
    }

    @Test
    void aTransitionTimeStaysWhileTheStatusStays() {
        List<Condition> before = conditions(List.of(), new PlanningState.NotAsked(), null, FIRST);

        List<Condition> after = conditions(before, PLANNED, null, LATER);

        assertThat(after)
                .filteredOn(condition -> condition.lastTransitionTime().equals(LATER))
                .extracting(Condition::type)
                .containsExactly("Placed");
        assertThat(after).extracting(Condition::observedGeneration).containsOnly(3L);
    }

    private static List<Condition> conditions(
            List<Condition> before, PlanningState planning, @Nullable Inventory inventory, Instant now) {
        return conditions(JOB, before, planning, inventory, now);
    }

    private static List<Condition> conditions(
            JobFacts job, List<Condition> before, PlanningState planning, @Nullable Inventory inventory, Instant now) {
        Observation seen =
                new Observation(job, List.of(), List.of(), List.of(), List.of(), planning, inventory, 0, Journal.EMPTY);
        Round round = Lifecycle.decide(seen, now);
        return Conditions.of(before, 3, seen, round, null, now);
    }

    private static List<String> words(List<Condition> conditions) {
        return conditions.stream()
                .map(condition -> condition.type()
                        + (condition.status() == ConditionStatus.TRUE ? "=True " : "=False ")
                        + condition.reason()
                        + (condition.message() == null ? "" : ": " + condition.message()))
                .toList();
    }
}
