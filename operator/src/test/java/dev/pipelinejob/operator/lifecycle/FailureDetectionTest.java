package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What counts as a failure, and what does not. Each row changes slot 1 of a healthy attempt.
class FailureDetectionTest {
    private static final Instant LONG_AGO = Scene.NOW.minusSeconds(30);

    static Stream<Arguments> rows() {
        return Stream.of(
                row("a dead engine", view -> Scene.engineExited(view, 137, 9, 0), Cause.ENGINE_EXITED),
                row(
                        "a dead engine whose standby is up",
                        view -> Scene.engineExited(view, 1, 0, 900),
                        Cause.ENGINE_EXITED),
                row(
                        "a dead supervisor",
                        view -> Scene.presence(view, new Presence.Gone(1, 137, 9, "", false)),
                        Cause.WORKER_EXITED),
                row(
                        "an evicted pod",
                        view -> Scene.presence(view, new Presence.Gone(1, 143, 15, "Evicted", true)),
                        Cause.WORKER_EVICTED),
                row(
                        "a closed connection",
                        view -> Scene.session(view, new Session.Closed(Scene.NOW)),
                        Cause.WORKER_EXITED),
                row(
                        "another incarnation",
                        view -> Scene.presence(view, new Presence.Starting(2, Scene.NOW)),
                        Cause.WORKER_EXITED),
                row(
                        "a worker that does not hold what others train",
                        view -> Scene.reporting(view, null),
                        Cause.ATTEMPT_FENCED),
                row(
                        "a corrupt checkpoint",
                        Scene.failed(new Problem.CorruptCheckpoint(10, "part", "crc")),
                        Cause.CHECKPOINT_CORRUPT),
                row("a full store", Scene.failed(new Problem.StoreFull("no space")), Cause.STORE_FULL),
                row("a broken store", Scene.failed(new Problem.StoreError("I/O")), Cause.STORE_ERROR),
                row("an internal error", Scene.failed(new Problem.Internal("bug")), Cause.WORKER_FAILED),
                row("a lost peer that nobody explains", Scene.failed(new Problem.PeerLost("eof")), Cause.EDGE_LOST),
                row("silence alone", view -> Scene.session(view, new Session.Silent(LONG_AGO)), null),
                row("nothing", view -> view, null));
    }

    private static Arguments row(String name, UnaryOperator<SlotView> change, @Nullable Cause cause) {
        return Arguments.of(name, change, cause);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void aFailureIsWhatTheTableSays(String name, UnaryOperator<SlotView> change, @Nullable Cause cause) {
        Round round = Scene.training().slot(1, change).decide();

        Fault open = round.journal().open();
        if (cause == null) {
            assertThat(open).isNull();
            assertThat(round.decisions()).hasOnlyElementsOfType(Decision.WaitUntil.class);
        } else {
            assertThat(open).isNotNull().extracting(Fault::cause).isEqualTo(cause);
        }
    }

    @Test
    void aStallOfFiveSecondsRestartsNothing() {
        Round round = Scene.training().decide(Scene.LAST_STEP.plusSeconds(5));

        assertThat(round.state()).isEqualTo(JobState.RUNNING);
        assertThat(round.journal().open()).isNull();
    }

    @Test
    void aSilentSlotIsLostOnceItsNeighbourHasNotReachedItForLongEnough() {
        EdgeReport edge = new EdgeReport(1, 1, Scene.NOW);
        Scene scene = Scene.training()
                .slot(1, view -> Scene.session(view, new Session.Silent(Scene.NOW)))
                .slot(0, view -> Scene.edges(view, List.of(edge)));

        Round before = scene.decide(Scene.NOW.plusMillis(9_999));
        Round after = scene.decide(Scene.NOW.plusSeconds(10));

        assertThat(before.journal().open()).isNull();
        assertThat(before.decisions())
                .contains(new Decision.WaitUntil(Scene.NOW.plusSeconds(10), "slot 1 to be heard again"));
        assertThat(after.journal().open()).isNotNull().extracting(Fault::cause).isEqualTo(Cause.SLOT_LOST);
        assertThat(after.decisions())
                .anyMatch(decision ->
                        decision instanceof Decision.ReplaceSlot(int slot, int incarnation, String _, String _)
                                && slot == 1
                                && incarnation == 2);
    }

    @Test
    void onlyTheOperatorsOwnLinkDeadWhileNeighboursAdvanceDoesNothing() {
        EdgeReport old = new EdgeReport(1, 1, LONG_AGO);
        Scene scene = Scene.training()
                .slot(1, view -> Scene.session(view, new Session.Silent(LONG_AGO)))
                .slot(0, view -> Scene.edges(view, List.of(old)));

        assertThat(scene.decide().journal().open()).isNull();
    }

    @Test
    void moreThanHalfOfAllLinksDeadAtOnceMakesTheOperatorSuspectItself() {
        Scene two = Scene.training()
                .slot(0, view -> Scene.session(view, new Session.Closed(Scene.NOW)))
                .slot(1, view -> Scene.session(view, new Session.Closed(Scene.NOW)));

        assertThat(two.decide().journal().open()).isNull();
        assertThat(two.decide(Scene.NOW.plusSeconds(10)).journal().open()).isNotNull();
    }

    @Test
    void twoProcessesThatWereSeenToDieAreNoMatterOfLinks() {
        Presence gone = new Presence.Gone(1, 137, 9, "", false);
        Scene two = Scene.training()
                .slot(0, view -> Scene.session(Scene.presence(view, gone), new Session.Closed(Scene.NOW)))
                .slot(1, view -> Scene.session(Scene.presence(view, gone), new Session.Closed(Scene.NOW)));

        Fault open = Objects.requireNonNull(two.decide().journal().open());

        assertThat(open.slots()).containsExactly(0, 1);
    }

    @Test
    void theProgressDeadlineNamesTheWorkerThatIsAStepBehind() {
        Scene scene =
                Scene.training().slot(2, view -> Scene.reporting(view, Scene.report(WorkerPhase.RUNNING, 11, null)));

        Round round = scene.decide(Scene.LAST_STEP.plus(Duration.ofMinutes(15)));

        Fault open = Objects.requireNonNull(round.journal().open());
        assertThat(open.cause()).isEqualTo(Cause.PROGRESS_STALLED);
        assertThat(open.detail()).isEqualTo("Attempt 1 has completed no step for 900 s; slot 2 (rank 2) hangs.");
        assertThat(round.decisions())
                .anyMatch(decision -> decision instanceof Decision.KillEngine(int slot, long pid, String _)
                        && slot == 2
                        && pid == 102);
    }

    @Test
    void theProgressDeadlineNamesTheEngineThatDoesNotAnswerItsSupervisor() {
        Scene scene = Scene.training().slot(1, Scene::hung);

        Round round = scene.decide(Scene.LAST_STEP.plus(Duration.ofMinutes(15)));

        assertThat(Objects.requireNonNull(round.journal().open()).detail())
                .isEqualTo("Attempt 1 has completed no step for 900 s; slot 1 (rank 1) hangs.");
    }

    @Test
    void anEdgeThatIsLostToAnEngineThatHangsIsThatEnginesFault() {
        Problem lost = new Problem.PeerLost("Rank 1 does not answer.");
        Scene scene = Scene.training()
                .slot(1, Scene::hung)
                .slot(0, view -> Scene.reporting(view, Scene.report(WorkerPhase.FAILED, 12, lost)));

        Round round = scene.decide(Scene.NOW.plusSeconds(5));

        Fault open = Objects.requireNonNull(round.journal().open());
        assertThat(open.cause()).isEqualTo(Cause.PROGRESS_STALLED);
        assertThat(open.slots()).containsExactly(1);
        assertThat(round.decisions())
                .anyMatch(decision -> decision instanceof Decision.KillEngine(int slot, long pid, String _)
                        && slot == 1
                        && pid == 101);
    }

    @Test
    void anEngineThatDoesNotAnswerWhileStepsCompleteIsLeftAlone() {
        assertThat(Scene.training().slot(1, Scene::hung).decide().journal().open())
                .isNull();
    }

    @Test
    void withoutEvidenceTheProgressDeadlineKillsNobody() {
        Round round = Scene.training().decide(Scene.LAST_STEP.plus(Duration.ofMinutes(15)));

        assertThat(round.journal().open()).isNotNull();
        assertThat(round.decisions())
                .noneMatch(decision ->
                        decision instanceof Decision.KillEngine || decision instanceof Decision.ReplaceSlot);
        assertThat(round.decisions()).anyMatch(Decision.ClaimAttempt.class::isInstance);
    }

    @Test
    void anEngineThatEndsWithTheUserErrorsExitCodeFailsTheJob() {
        Round round = Scene.training()
                .slot(1, view -> Scene.engineExited(view, 2, 0, 0))
                .decide();

        Journal.Ending ended = Objects.requireNonNull(round.journal().ended());
        assertThat(ended.userError()).isTrue();
        assertThat(ended.message())
                .isEqualTo("Job gpt: the worker of slot 1 ended with exit code 2, which rule user-error answers by"
                        + " failing the job: last words");
    }

    @Test
    void aWorkerThatCallsTheInputWrongFailsTheJob() {
        Round round = Scene.training()
                .slot(0, Scene.failed(new Problem.UserError("The data has changed.")))
                .decide();

        assertThat(round.decisions()).contains(new Decision.Fail("InvalidJob", "The data has changed.", true));
    }
}
