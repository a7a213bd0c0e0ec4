package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// A checkpoint of all workers before one leaves or the job is held.
class PausePolicyTest {
    private static final JobFacts HELD = Scene.job(Scene.failurePolicy(0)).held(Hold.SUSPENDED);

    private static List<Decision> pauses(String reason) {
        return List.of(
                new Decision.PauseAttempt(1, 0, reason),
                new Decision.PauseAttempt(1, 1, reason),
                new Decision.PauseAttempt(1, 2, reason));
    }

    private static SlotView paused(SlotView view) {
        return Scene.reporting(view, Scene.report(WorkerPhase.PAUSED, 13, null));
    }

    @Test
    void aHeldJobIsAskedToPauseAndLetGoOnceEverybodyHas() {
        Round asked = Scene.training().job(HELD).decide();
        Round paused = Scene.training()
                .job(HELD)
                .journal(asked.journal())
                .everySlot(PausePolicyTest::paused)
                .decide();

        assertThat(asked.decisions()).containsAll(pauses("The job is suspended."));
        assertThat(asked.state()).isEqualTo(JobState.SUSPENDING);
        assertThat(paused.decisions())
                .filteredOn(Decision.ReleaseSlot.class::isInstance)
                .hasSize(3);
        assertThat(paused.state()).isEqualTo(JobState.SUSPENDED);
        assertThat(paused.journal().chargedAt()).isEmpty();
    }

    @Test
    void aPauseThatTakesLongerThanTheGraceIsNotWaitedFor() {
        Scene scene = Scene.training()
                .job(HELD)
                .journal(Scene.training().job(HELD).decide().journal());

        assertThat(scene.decide(Scene.NOW.plusSeconds(40).minusMillis(1)).state())
                .isEqualTo(JobState.SUSPENDING);
        assertThat(scene.decide(Scene.NOW.plusSeconds(40)).state()).isEqualTo(JobState.SUSPENDED);
    }

    @Test
    void whenAWorkerLeavesAllPauseFirstAndOnlyThatOneIsMadeNewUncharged() {
        Round asked =
                Scene.training().slot(1, view -> Scene.leaving(view, "drained")).decide();
        Round left = Scene.training()
                .everySlot(PausePolicyTest::paused)
                .slot(1, view -> Scene.leaving(view, "drained"))
                .journal(asked.journal())
                .decide();

        assertThat(asked.decisions()).containsAll(pauses("The worker of slot 1 leaves: drained."));
        Fault open = Objects.requireNonNull(left.journal().open());
        assertThat(open.cause()).isEqualTo(Cause.WORKER_EVICTED);
        assertThat(open.charged()).isFalse();
        assertThat(left.decisions())
                .filteredOn(Decision.ReplaceSlot.class::isInstance)
                .extracting(decision -> ((Decision.ReplaceSlot) decision).slot())
                .containsExactly(1);
    }
}
