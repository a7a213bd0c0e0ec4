package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A round over many workers costs as much more as there are more of them, and not the square of it. What it costs is
/// told by the memory that it takes on its way, which no other load of the machine changes.
class LargeJobTest {
    private static final Instant NOW = Scene.NOW;
    private static final int FEW = 128;
    private static final int MANY = 1024;
    private static final int WARM_UPS = 3;
    /// Above this it would be more than in proportion.
    private static final double LIMIT = 1.5 * MANY / FEW;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void startingWorkersCostsInProportion() {
        assertInProportion(ranks -> observation(ranks, new Presence.Absent(), null));
    }

    @Test
    void waitingForWorkersCostsInProportion() {
        assertInProportion(ranks ->
                observation(ranks, new Presence.Starting(1, NOW.minusSeconds(1), Presence.NO_NODE, null), null));
    }

    @Test
    void preparingWorkersCostsInProportion() {
        assertInProportion(ranks -> observation(ranks, new Presence.Up(1, NOW.minusSeconds(9)), WorkerPhase.PREPARING));
    }

    @Test
    void watchingWorkersTrainCostsInProportion() {
        assertInProportion(ranks -> observation(ranks, new Presence.Up(1, NOW.minusSeconds(9)), WorkerPhase.RUNNING));
    }

    private static void assertInProportion(IntFunction<Observation> scene) {
        long few = bytes(scene.apply(FEW));
        long many = bytes(scene.apply(MANY));
        assertThat((double) many / few)
                .as("%d bytes for a round over %d workers, %d for one over %d", few, FEW, many, MANY)
                .isLessThan(LIMIT);
    }

    private static long bytes(Observation seen) {
        for (int round = 0; round < WARM_UPS; round++) {
            Round _ = Lifecycle.decide(seen, NOW);
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Round round = Lifecycle.decide(seen, NOW);
        long after = THREADS.getCurrentThreadAllocatedBytes();
        assertThat(round.decisions()).isNotNull();
        return after - before;
    }

    /// @param phase of the attempt; null before the first
    private static Observation observation(int ranks, Presence presence, @Nullable WorkerPhase phase) {
        List<Integer> numbers = IntStream.range(0, ranks).boxed().toList();
        List<SlotView> slots = new ArrayList<>();
        List<Seat> seats = new ArrayList<>();
        for (int slot : numbers) {
            AttemptReport report = phase == null ? null : Scene.report(phase, 12, null);
            slots.add(view(slot, presence, report));
            seats.add(new Seat(slot, slot, 1, 100 + slot, "host:" + slot));
        }
        List<ClaimedAttempt> attempts =
                phase == null ? List.of() : List.of(new ClaimedAttempt(1, 10, "digest", seats, NOW.minusSeconds(5)));
        return new Observation(
                Scene.job(Scene.failurePolicy(2)),
                attempts,
                slots,
                List.of(),
                List.of(),
                new PlanningState.Proposed(new PlanReference("digest", numbers), false),
                phase == null ? null : new Inventory(List.of(10, 5), 0, "data", "numerics"),
                12,
                Journal.EMPTY);
    }

    private static SlotView view(int slot, Presence presence, @Nullable AttemptReport report) {
        if (!(presence instanceof Presence.Up)) {
            SlotView absent = SlotView.absent(slot);
            return new SlotView(
                    slot,
                    presence,
                    new Session.Awaited(NOW),
                    absent.engine(),
                    null,
                    null,
                    List.of(),
                    null,
                    Orders.NONE);
        }
        return new SlotView(
                slot,
                presence,
                new Session.Connected(),
                new EngineState.Up(100 + slot, "host:" + slot, "numerics", true, true),
                report,
                null,
                List.of(),
                null,
                Orders.NONE);
    }
}
