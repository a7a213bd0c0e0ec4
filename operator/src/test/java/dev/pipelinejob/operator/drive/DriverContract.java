package dev.pipelinejob.operator.drive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.operator.lifecycle.Presence;
import dev.pipelinejob.operator.planning.AttemptRecord;
import dev.pipelinejob.operator.planning.PlanFigures;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.plan.Stage;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every driver promises to the lifecycle, whatever its slots are made of.
public abstract class DriverContract {
    private static final int MAX_LOOKS = 3000;
    private static final int LOOK_MILLIS = 20;
    private static final int LOOKS_THAT_CONVINCE = 15;

    /// A driver of the same job as the last one that this method gave: what a restarted driver finds.
    protected abstract SlotDriver driver() throws IOException;

    /// How many processes or pods of a slot run now.
    protected abstract int running(int slot) throws IOException;

    /// A node that takes workers.
    protected String node() {
        return Presence.NO_NODE;
    }

    /// Processes come and go a moment after they were asked to, so the number counts when it stays.
    private void assertRunning(int slot, int expected) throws IOException, InterruptedException {
        int inARow = 0;
        for (int look = 0; look < MAX_LOOKS && inARow < LOOKS_THAT_CONVINCE; look++) {
            inARow = running(slot) == expected ? inARow + 1 : 0;
            Thread.sleep(LOOK_MILLIS);
        }
        assertThat(running(slot)).isEqualTo(expected);
    }

    private static AttemptRecord attempt(int number, int resumeStep) {
        Plan plan = new Plan(ScheduleKind.GPIPE, 4, false, List.of(new Stage(0, 0, 4, 0)), List.of("slot-0"));
        return new AttemptRecord(
                AttemptRecord.VERSION,
                number,
                resumeStep,
                plan,
                1,
                "digest",
                List.of(),
                "",
                new PlanFigures(1, 1, 0, "contiguous", false, 1, List.of()),
                Instant.parse("2026-11-21T12:00:00Z"));
    }

    @Test
    void anAttemptIsClaimedOnceAndTheFirstClaimStands() throws Exception {
        // given
        SlotDriver first = driver();
        SlotDriver second = driver();

        // when
        SlotDriver.Claim created = first.claim(attempt(1, 20));
        SlotDriver.Claim taken = second.claim(attempt(1, 40));

        // then
        assertThat(created).isEqualTo(new SlotDriver.Claim.Created(attempt(1, 20)));
        assertThat(taken).isEqualTo(new SlotDriver.Claim.Taken(attempt(1, 20)));
        assertThat(second.claim(attempt(2, 40))).isInstanceOf(SlotDriver.Claim.Created.class);
        assertThat(driver().attempts()).containsExactly(attempt(1, 20), attempt(2, 40));
    }

    @Test
    void startingAnIncarnationTwiceIsOneProcess() throws Exception {
        // given
        SlotDriver driver = driver();

        // when
        driver.start(0, 1, node());
        driver.start(0, 1, node());

        // then
        assertRunning(0, 1);
        assertThat(driver.presences()).hasSize(1);
        assertThat(driver.presences().get(0)).isInstanceOf(Presence.Up.class);
    }

    @Test
    void theNextIncarnationEndsTheLast() throws Exception {
        // given
        SlotDriver driver = driver();
        driver.start(0, 1, node());
        assertRunning(0, 1);

        // when
        driver.start(0, 2, node());
        driver.start(0, 1, node());

        // then
        assertRunning(0, 1);
        assertThat(driver.presences().get(0))
                .isInstanceOfSatisfying(
                        Presence.Up.class, up -> assertThat(up.incarnation()).isEqualTo(2));
    }

    @Test
    void endingTwiceIsLikeEndingOnceAndTheSlotCanStartAgain() throws Exception {
        // given
        SlotDriver driver = driver();
        driver.start(0, 1, node());
        assertRunning(0, 1);

        // when
        driver.end(0, "the test says so");
        driver.end(0, "the test says so");

        // then
        assertRunning(0, 0);
        assertThat(driver.presences().get(0)).isInstanceOf(Presence.Absent.class);
        driver.start(0, 2, node());
        assertRunning(0, 1);
    }

    @Test
    void aRestartedDriverFindsWhatRuns() throws Exception {
        // given
        driver().start(0, 1, node());

        // when
        SlotDriver restarted = driver();
        restarted.start(0, 1, node());

        // then
        assertRunning(0, 1);
        assertThat(restarted.presences().get(0)).isInstanceOf(Presence.Up.class);
    }
}
