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

    @Test
    void aSpareThatFailsCostsTheOthersNothing() {
        Presence gone = new Presence.Gone(1, 1, 0, "", false, "d", List.of(), "");

        Round round = scene(Scene.presence(ready(), gone)).decide();

        assertThat(round.journal().open()).isNull();
        assertThat(round.journal().chargedAt()).isEmpty();
        assertThat(round.state()).isEqualTo(JobState.RUNNING);
    }
}
