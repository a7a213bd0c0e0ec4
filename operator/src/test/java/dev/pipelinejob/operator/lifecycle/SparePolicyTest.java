package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.operator.lifecycle.PlanReference.Place;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Three ranks on nodes a, b and c, and a plan with one spare on node d.
class SparePolicyTest {
    private static final PlanReference PLAN = new PlanReference(
            "digest", List.of(new Place(0, "a"), new Place(1, "b"), new Place(2, "c")), List.of(new Place(3, "d")));

    private static Scene scene(@Nullable SlotView spare) {
        List<SlotView> views = new ArrayList<>();
        for (int slot = 0; slot < 3; slot++) {
            SlotView view = Scene.up(slot, Scene.report(WorkerPhase.RUNNING, 12, null));
            views.add(Scene.node(view, PLAN.places().get(slot).node()));
        }
        if (spare != null) {
            views.add(spare);
        }
        return Scene.training()
                .planning(new PlanningState.Proposed(PLAN, false))
                .slots(views);
    }

    private static SlotView ready() {
        return Scene.node(Scene.up(3, null), "d");
    }

    @Test
    void aSpareIsStartedOnceTheOthersTrain() {
        assertThat(scene(null).decide().decisions()).contains(new Decision.StartSlot(3, 1, "d"));
        assertThat(scene(ready()).decide().decisions()).noneMatch(Decision.StartSlot.class::isInstance);
    }

    @Test
    void aSpareTakesOverWithoutWaitingForANewWorker() {
        Presence gone = new Presence.Gone(1, 137, 9, "", false, "b", List.of(), "");

        Round round = scene(ready()).slot(1, view -> Scene.presence(view, gone)).decide();

        assertThat(round.decisions())
                .filteredOn(Decision.ClaimAttempt.class::isInstance)
                .singleElement()
                .extracting(decision -> ((Decision.ClaimAttempt) decision)
                        .seats().stream().map(Seat::slot).toList())
                .isEqualTo(List.of(0, 3, 2));
    }

    private static final Presence GONE_1 = new Presence.Gone(1, 137, 9, "", false, "b", List.of(), "");

    @Test
    void theClaimNamesThePlacesThatTheRanksReallyHave() {
        Round round =
                scene(ready()).slot(1, view -> Scene.presence(view, GONE_1)).decide();

        assertThat(round.decisions())
                .filteredOn(Decision.ClaimAttempt.class::isInstance)
                .singleElement()
                .extracting(decision -> ((Decision.ClaimAttempt) decision).plan())
                .isEqualTo(new PlanReference(
                        "digest",
                        List.of(new Place(0, "a"), new Place(3, "d"), new Place(2, "c")),
                        List.of(new Place(1, "b"))));
    }

    @Test
    void aSpareThatStillStartsDoesNotHoldTheOthersBack() {
        Presence starting = new Presence.Starting(1, Scene.NOW.minusSeconds(600), "d", null);
        SlotView blocked = Scene.presence(SlotView.absent(3), starting);
        Scene scene = scene(blocked).everySlot(view -> view.slot() == 3 ? view : Scene.reporting(view, null));

        Round round = scene.journal(Journal.EMPTY.withOpen(STOPPED)).decide();

        assertThat(round.decisions()).anyMatch(Decision.ClaimAttempt.class::isInstance);
        assertThat(round.decisions()).noneMatch(Decision.ReleaseSlot.class::isInstance);
    }

    private static final Fault STOPPED = new Fault(
            1, Cause.WORKER_EVICTED, List.of(), "", Scene.NOW.minusSeconds(1), 12, "It was drained.", "", null, false);

    @Test
    void aWorkerThatCannotStartDoesNotHoldAJobBackThatHasASpareForItsRank() {
        Presence starting = new Presence.Starting(2, Scene.NOW.minusSeconds(600), "b", null);
        Scene scene = scene(ready())
                .everySlot(view -> Scene.reporting(view, null))
                .slot(1, view -> Scene.presence(SlotView.absent(1), starting));

        Round round = scene.journal(Journal.EMPTY.withOpen(STOPPED)).decide();

        assertThat(round.decisions())
                .filteredOn(Decision.ClaimAttempt.class::isInstance)
                .singleElement()
                .extracting(decision -> ((Decision.ClaimAttempt) decision)
                        .seats().stream().map(Seat::slot).toList())
                .isEqualTo(List.of(0, 3, 2));
    }

    @Test
    void sparesThatFailInARowWaitLongerEachTime() {
        Scene scene = scene(failed(1));

        Round first = scene.decide();
        Round second = scene(failed(2)).journal(first.journal()).decide(Scene.NOW.plusSeconds(1));

        assertThat(first.decisions()).anyMatch(Decision.ReplaceSlot.class::isInstance);
        assertThat(second.journal().workers().spareFailures()).isEqualTo(2);
        assertThat(second.decisions()).noneMatch(Decision.ReplaceSlot.class::isInstance);
        assertThat(second.decisions()).anyMatch(Decision.WaitUntil.class::isInstance);
        Round third = scene(failed(2)).journal(second.journal()).decide(Scene.NOW.plusSeconds(2));
        assertThat(third.decisions()).anyMatch(Decision.ReplaceSlot.class::isInstance);
    }

    @Test
    void aSpareThatStoodByForLongBeginsANewRowOfFailures() {
        Round first = scene(failed(1)).decide();

        Round later = scene(failed(2)).journal(first.journal()).decide(Scene.NOW.plusSeconds(90));

        assertThat(later.journal().workers().spareFailures()).isEqualTo(1);
    }

    private static SlotView failed(int incarnation) {
        return Scene.presence(ready(), new Presence.Gone(incarnation, 1, 0, "", false, "d", List.of(), ""));
    }

    @Test
    void afterARestartOfTheOperatorThePlacesOfSparesAreAskedFor() {
        Scene scene = scene(ready()).planning(new PlanningState.NotAsked());

        assertThat(scene.decide().decisions()).noneMatch(Decision.Plan.class::isInstance);
        assertThat(scene.job(Scene.job(Scene.failurePolicy(2)).withSpares(1))
                        .decide()
                        .decisions())
                .filteredOn(Decision.Plan.class::isInstance)
                .singleElement()
                .extracting(decision -> ((Decision.Plan) decision).keep())
                .isEqualTo(List.of(0, 1, 2, 3));
    }

    private static Scene lacking(boolean roomHasChanged, String... avoided) {
        PlanReference without = new PlanReference("digest", PLAN.places(), List.of());
        PlanningState.Lacking lacking =
                new PlanningState.Lacking(Scene.NOW.plusSeconds(5), roomHasChanged, List.of(avoided));
        return scene(null).planning(new PlanningState.Proposed(without, false, List.of(), false, lacking));
    }

    @Test
    void placesThatSparesLackAreAskedForOnceThereMayBeRoom() {
        Scene scene = lacking(true);

        assertThat(scene.decide().decisions()).noneMatch(Decision.Plan.class::isInstance);
        assertThat(scene.decide(Scene.NOW.plusSeconds(5)).decisions()).anyMatch(Decision.Plan.class::isInstance);
        assertThat(lacking(false).decide(Scene.NOW.plusSeconds(500)).decisions())
                .noneMatch(Decision.Plan.class::isInstance);
    }

    @Test
    void placesThatSparesLackAreAskedForWhenANodeIsAvoidedNoMore() {
        Scene scene = lacking(false, "d");

        assertThat(scene.decide(Scene.NOW.plusSeconds(5)).decisions()).anyMatch(Decision.Plan.class::isInstance);
        assertThat(scene.lostNodes(List.of(new LostNode("d", "it is silent")))
                        .decide(Scene.NOW.plusSeconds(5))
                        .decisions())
                .noneMatch(Decision.Plan.class::isInstance);
    }

    @Test
    void aSpareThatFailsCostsTheOthersNothing() {
        Presence gone = new Presence.Gone(1, 1, 0, "", false, "d", List.of(), "");

        Round round = scene(Scene.presence(ready(), gone)).decide();

        assertThat(round.journal().open()).isNull();
        assertThat(round.journal().chargedAt()).isEmpty();
        assertThat(round.state()).isEqualTo(JobState.RUNNING);
    }
}
