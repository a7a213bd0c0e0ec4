package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// How long a worker may take to start; workers 0 and 2 are there, and worker 1 waits for a reason since then.
class GangPolicyTest {
    static Stream<Arguments> rows() {
        return Stream.of(
                Arguments.of(Presence.Blocked.Kind.NO_ROOM, GangPolicy.ROOM_WAIT, Cause.UNSCHEDULABLE),
                Arguments.of(Presence.Blocked.Kind.UNSUITABLE_NODE, GangPolicy.ROOM_WAIT, Cause.UNSCHEDULABLE),
                Arguments.of(Presence.Blocked.Kind.OTHER, Scene.LIMITS.ready(), Cause.NOT_READY));
    }

    @Test
    void roomThatAWorkerOfTheJobStillHoldsIsWaitedFor() {
        Presence.Blocked blocked =
                new Presence.Blocked(Scene.NOW, "Unschedulable", "no room", Presence.Blocked.Kind.NO_ROOM);
        SlotView waits = Scene.presence(SlotView.absent(1), new Presence.Starting(2, Scene.NOW, "b", blocked));
        Scene scene = Scene.fresh()
                .planning(new PlanningState.Proposed(Scene.PLAN, false))
                .slots(List.of(Scene.up(0, null), waits, Scene.up(2, null)))
                .leftovers(List.of(new Leftover(1, 1, "b", Scene.NOW)));

        assertThat(scene.decide(Scene.NOW.plus(GangPolicy.ROOM_WAIT)).journal().open())
                .isNull();
        assertThat(scene.decide(Scene.NOW.plus(Scene.LIMITS.ready())).journal().open())
                .isNotNull();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void allAreLetGoWhenOneCannotBeStartedForTooLong(Presence.Blocked.Kind kind, Duration limit, Cause cause) {
        Presence.Blocked blocked = new Presence.Blocked(Scene.NOW, "Why", "because", kind);
        SlotView waits = Scene.presence(SlotView.absent(1), new Presence.Starting(1, Scene.NOW, "b", blocked));
        Scene scene = Scene.fresh()
                .planning(new PlanningState.Proposed(Scene.PLAN, false))
                .slots(List.of(Scene.up(0, null), waits, Scene.up(2, null)));

        Round before = scene.decide(Scene.NOW.plus(limit).minusMillis(1));
        Round after = scene.decide(Scene.NOW.plus(limit));

        assertThat(before.journal().open()).isNull();
        assertThat(after.journal().open()).isNotNull().extracting(Fault::cause).isEqualTo(cause);
        assertThat(after.decisions())
                .filteredOn(Decision.ReleaseSlot.class::isInstance)
                .hasSize(3);
        assertThat(after.state()).isEqualTo(JobState.PENDING);
    }
}
