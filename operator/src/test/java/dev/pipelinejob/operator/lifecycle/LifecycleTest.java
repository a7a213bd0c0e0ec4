package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The order of a job's life: plan, start, claim, prepare, start training, restart, end.
class LifecycleTest {
    @Test
    void plansBeforeAnythingIsStarted() {
        assertThat(Scene.fresh().decide().decisions())
                .containsExactly(new Decision.Plan("there is no plan yet", List.of(), List.of()));
    }

    @Test
    void startsTheSlotsOfThePlanAllAtOnce() {
        Round round = Scene.fresh()
                .planning(new PlanningState.Proposed(Scene.PLAN, false))
                .decide();

        assertThat(round.decisions())
                .containsExactly(
                        new Decision.StartSlot(0, 1, ""),
                        new Decision.StartSlot(1, 1, ""),
                        new Decision.StartSlot(2, 1, ""));
        assertThat(round.sentence()).isEqualTo("Waiting for 3 of 3 workers.");
    }

    @Test
    void claimsOnceEveryWorkerIsUpAndTheStoreIsKnown() {
        Scene scene = Scene.fresh()
                .planning(new PlanningState.Proposed(Scene.PLAN, false))
                .slots(List.of(Scene.up(0, null), Scene.up(1, null), Scene.up(2, null)));

        Round unknown = scene.decide();
        Round known = scene.inventory(Inventory.EMPTY).decide();

        assertThat(unknown.decisions()).isEmpty();
        assertThat(known.decisions())
                .containsExactly(new Decision.ClaimAttempt(
                        1,
                        0,
                        Scene.PLAN,
                        List.of(
                                new Seat(0, 0, 1, 100, "host:0"),
                                new Seat(1, 1, 1, 101, "host:1"),
                                new Seat(2, 2, 1, 102, "host:2")),
                        ""));
    }

    @Test
    void preparesEveryWorkerOfAClaimedAttemptOnce() {
        Orders asked = Orders.NONE.withPrepare(new Orders.Sent(1, Scene.NOW));
        Scene scene = Scene.training()
                .everySlot(view -> Scene.reporting(view, null))
                .slot(1, view -> Scene.orders(view, asked));

        assertThat(actions(scene.decide()))
                .containsExactly(new Decision.Prepare(1, 0, 0), new Decision.Prepare(1, 2, 2));
    }

    @Test
    void startsNobodyBeforeAllAreReady() {
        Scene scene = Scene.training()
                .everySlot(view -> Scene.reporting(view, Scene.report(WorkerPhase.READY, 10, null)))
                .slot(2, view -> Scene.reporting(view, Scene.report(WorkerPhase.PREPARING, 10, null)));

        assertThat(actions(scene.decide())).isEmpty();
        scene.slot(2, view -> Scene.reporting(view, Scene.report(WorkerPhase.READY, 10, null)));
        assertThat(actions(scene.decide()))
                .containsExactly(
                        new Decision.StartTraining(1, 0),
                        new Decision.StartTraining(1, 1),
                        new Decision.StartTraining(1, 2));
    }

    @Test
    void aRestartedOperatorThatFindsAHealthyAttemptChangesNothing() {
        Round round = Scene.training()
                .planning(new PlanningState.NotAsked())
                .journal(Journal.EMPTY)
                .decide();

        assertThat(actions(round)).isEmpty();
        assertThat(round.state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void aDeadEngineWhoseStandbyIsUpIsAnsweredByTheNextAttemptAtOnce() {
        Round round = Scene.training()
                .slot(1, view -> Scene.engineExited(view, 137, 9, 900))
                .decide();

        assertThat(actions(round)).singleElement().isInstanceOfSatisfying(Decision.ClaimAttempt.class, claim -> {
            assertThat(claim.number()).isEqualTo(2);
            assertThat(claim.resumeStep()).isEqualTo(10);
            assertThat(claim.seats()).contains(new Seat(1, 1, 1, 900, "host:900"));
        });
        assertThat(round.state()).isEqualTo(JobState.RESTARTING);
    }

    @Test
    void survivorsAreAbortedButNeverReplacedWhileADeadOneComesBack() {
        Round round = Scene.training()
                .slot(1, view -> Scene.presence(view, new Presence.Gone(1, 137, 9, "", false)))
                .decide();

        String detail = "The worker of slot 1 ended: signal 9.";
        assertThat(actions(round))
                .containsExactly(
                        new Decision.ReplaceSlot(1, 2, "", detail),
                        new Decision.AbortAttempt(1, 0, detail),
                        new Decision.AbortAttempt(1, 2, detail));
    }

    @Test
    void theHistoryKeepsTheLastLinesOfAWorkerThatEnded() {
        Presence gone = new Presence.Gone(1, 1, 0, "", false, "", List.of(), "no such file");
        Round round =
                Scene.training().slot(1, view -> Scene.presence(view, gone)).decide();

        assertThat(round.journal().open())
                .isNotNull()
                .extracting(Fault::lastLog)
                .isEqualTo("no such file");
    }

    @Test
    void aWorkerThatDoesNotAnswerPrepareInTimeIsKilled() {
        Orders asked = Orders.NONE.withPrepare(new Orders.Sent(1, Scene.NOW));
        Scene scene = Scene.training()
                .everySlot(view -> Scene.reporting(view, Scene.report(WorkerPhase.READY, 10, null)))
                .slot(1, view -> Scene.orders(Scene.reporting(view, null), asked));

        Round before = scene.decide(Scene.NOW.plusMillis(29_999));
        Round after = scene.decide(Scene.NOW.plusSeconds(30));

        assertThat(actions(before)).isEmpty();
        assertThat(actions(after))
                .contains(new Decision.KillEngine(1, 101, "Slot 1 did not prepare attempt 1 within 30 s."));
    }

    @Test
    void theOneThatDoesNotPrepareAfterAnUnexplainedStallIsTheOneThatHangs() {
        Restart stall = new Restart(
                1, Cause.PROGRESS_STALLED, Finding.NOBODY, "", Scene.NOW, 10, 12, null, null, "stalled", "", null);
        Orders asked = Orders.NONE.withPrepare(new Orders.Sent(1, Scene.NOW));
        Scene scene = Scene.training()
                .everySlot(view -> Scene.reporting(view, Scene.report(WorkerPhase.READY, 10, null)))
                .slot(1, view -> Scene.orders(Scene.reporting(view, null), asked));

        Instant later = Scene.NOW.plus(AttemptPolicy.SUSPECT_LIMIT);

        assertThat(scene.decide(later).journal().open()).isNull();
        scene.journal(Journal.EMPTY.withHistory(1, List.of(stall)));
        assertThat(scene.decide(later.minusMillis(1)).journal().open()).isNull();
        assertThat(scene.decide(later).journal().open())
                .isNotNull()
                .extracting(Fault::slots)
                .isEqualTo(List.of(1));
    }

    @Test
    void aCorruptCheckpointSendsEveryoneToTheNextOlderStepAndIsNotCharged() {
        Problem corrupt = new Problem.CorruptCheckpoint(10, "block-3", "checksum differs");
        Round round = Scene.training()
                .maxRestarts(0)
                .slot(2, view -> Scene.reporting(view, Scene.report(WorkerPhase.FAILED, 10, corrupt)))
                .decide();

        assertThat(actions(round))
                .singleElement()
                .isInstanceOfSatisfying(Decision.ClaimAttempt.class, claim -> assertThat(claim.resumeStep())
                        .isEqualTo(5));
        assertThat(round.journal().chargedAt()).isEmpty();
        assertThat(round.journal().corruptSteps()).containsExactly(10);
    }

    @Test
    void oneFailureMoreThanTheBudgetFailsTheJob() {
        Round within = Scene.training().maxRestarts(1).slot(1, Scene::dead).decide();
        Round beyond = Scene.training()
                .maxRestarts(1)
                .journal(Journal.EMPTY.withChargedAt(List.of(Scene.NOW.minusSeconds(60))))
                .slot(1, Scene::dead)
                .decide();

        assertThat(within.journal().ended()).isNull();
        Journal.Ending ended = Objects.requireNonNull(beyond.journal().ended());
        assertThat(ended.reason()).isEqualTo("BackoffLimitExceeded");
        assertThat(ended.message())
                .isEqualTo("Job gpt failed 2 times within 86400 s, which is more than spec.failurePolicy.maxRestarts 1"
                        + " allows. The last time: The engine of slot 1 (process 101) ended with signal 9."
                        + " Its log ends with: last words");
        assertThat(beyond.journal().history())
                .singleElement()
                .extracting(Restart::lastLog)
                .isEqualTo("one\nlast words");
    }

    @Test
    void theHistorySaysWhatWasLostAndWhenItWasRegained() {
        Fault fault = new Fault(1, Cause.ENGINE_EXITED, List.of(1), "", Scene.NOW, 12, "died", "log", null, true);
        List<Seat> seats = List.of(
                new Seat(0, 0, 1, 100, "host:0"), new Seat(1, 1, 1, 101, "host:1"), new Seat(2, 2, 1, 102, "host:2"));
        Instant step = Scene.NOW.plusSeconds(2);
        AttemptReport report =
                new AttemptReport(2, "digest", "data", WorkerPhase.RUNNING, Scene.NOW.plusSeconds(1), 11, step, null);
        Scene scene = Scene.training()
                .journal(Journal.EMPTY.withOpen(fault))
                .attempt(new ClaimedAttempt(2, 10, "digest", seats, Scene.NOW))
                .everySlot(view -> Scene.reporting(view, report));

        Restart entry = scene.decide(step).journal().history().getLast();

        assertThat(entry.attempt()).isEqualTo(2);
        assertThat(entry.lostSteps()).isEqualTo(2);
        assertThat(entry.firstStepAt()).isEqualTo(step);
        assertThat(entry.regainedAt()).isNull();
    }

    @Test
    void aFinalManifestCompletesTheJobAlsoWhenTheOperatorWasDown() {
        Round round = Scene.training()
                .inventory(new Inventory(List.of(500), 500, "data", "numerics"))
                .slot(1, Scene::dead)
                .decide();

        assertThat(round.decisions()).first().isEqualTo(new Decision.Complete(500));
        assertThat(round.decisions())
                .filteredOn(Decision.ReleaseSlot.class::isInstance)
                .hasSize(3);
        assertThat(round.state()).isEqualTo(JobState.COMPLETE);
    }

    @Test
    void workersThatSeeDifferentDataFailTheJob() {
        AttemptReport other =
                new AttemptReport(1, "digest", "other", WorkerPhase.READY, Scene.NOW, 10, Scene.NOW, null);
        Round round = Scene.training()
                .everySlot(view -> Scene.reporting(view, Scene.report(WorkerPhase.READY, 10, null)))
                .slot(2, view -> Scene.reporting(view, other))
                .decide();

        assertThat(round.state()).isEqualTo(JobState.FAILED);
        assertThat(round.sentence()).startsWith("The workers of job gpt see different data");
    }

    @Test
    void aJobThatFitsNowhereFailsWithThePlannersSentence() {
        Round round = Scene.fresh()
                .planning(new PlanningState.Infeasible("Stage 0 needs 9 GiB."))
                .decide();

        assertThat(round.decisions())
                .containsExactly(new Decision.Fail("PlacementInfeasible", "Stage 0 needs 9 GiB.", true));
    }

    @Test
    void engineOfAnotherNumericsIsRefused() {
        Round round = Scene.training()
                .inventory(new Inventory(List.of(10), 0, "data", "other-numerics"))
                .slot(1, view -> Scene.engineExited(view, 137, 9, 900))
                .decide();

        assertThat(round.sentence())
                .isEqualTo(
                        "Job gpt: the engine of slot 0 has numerics numerics, but its checkpoint was made with"
                                + " other-numerics. Use workers of one kind, or set spec.training.reproducibility to BestEffort.");
    }

    @Test
    void aJobThatPromisesNoBitsGoesOnWithAnotherNumericsAndSaysSoEverAfter() {
        JobFacts job = Scene.job(Scene.failurePolicy(2));
        JobFacts bestEffort =
                new JobFacts(job.name(), job.totalSteps(), job.hold(), false, job.failurePolicy(), job.limits(), 0);
        Round restarts = Scene.training()
                .job(bestEffort)
                .inventory(new Inventory(List.of(10), 0, "data", "other-numerics"))
                .slot(1, view -> Scene.engineExited(view, 137, 9, 900))
                .decide();
        Round later = Scene.training()
                .job(bestEffort)
                .journal(restarts.journal().withOpen(null))
                .slot(1, view -> Scene.engineExited(view, 137, 9, 901))
                .decide();

        assertThat(actions(restarts)).singleElement().isInstanceOf(Decision.ClaimAttempt.class);
        assertThat(restarts.journal().inexact())
                .isEqualTo(
                        "Attempt 2, from step 10 on: the engine of slot 0 has numerics numerics, but its checkpoint was"
                                + " made with other-numerics. Losses may differ in their last bits from those of an undisturbed run.");
        assertThat(later.journal().inexact()).isEqualTo(restarts.journal().inexact());
    }

    @Test
    void measuredCostsAreAskedForOnceTheJobTrains() {
        Round round = Scene.training()
                .planning(new PlanningState.Proposed(Scene.PLAN, true))
                .decide();

        assertThat(actions(round))
                .containsExactly(
                        new Decision.Plan("workers have measured what their stages cost", List.of(0, 1, 2), List.of()));
    }

    @Test
    void theBackOffDelaysTheClaimFromTheSecondFailureOn() {
        BudgetPolicy budget = new BudgetPolicy(Scene.failurePolicy(10));
        List<Long> waits = new ArrayList<>();
        for (int failures = 1; failures <= 11; failures++) {
            waits.add(budget.backoff(failures).toSeconds());
        }

        assertThat(waits).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L);
    }

    @Test
    void failuresAreForgottenAfterHealthOrBehindTheWindow() {
        BudgetPolicy budget = new BudgetPolicy(Scene.failurePolicy(10));
        Instant now = Scene.NOW;
        List<Instant> charged = List.of(now.minus(Duration.ofHours(25)), now.minus(Duration.ofHours(2)));

        assertThat(budget.stillCounted(charged, null, now)).containsExactly(now.minus(Duration.ofHours(2)));
        assertThat(budget.stillCounted(charged, now.minus(Duration.ofMinutes(59)), now))
                .hasSize(1);
        assertThat(budget.stillCounted(charged, now.minus(Duration.ofMinutes(60)), now))
                .isEmpty();
    }

    /// All but the wait.
    private static List<Decision> actions(Round round) {
        return round.decisions().stream()
                .filter(decision -> !(decision instanceof Decision.WaitUntil))
                .toList();
    }
}
