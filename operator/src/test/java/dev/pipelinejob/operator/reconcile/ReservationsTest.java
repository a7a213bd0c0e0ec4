package dev.pipelinejob.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.operator.observe.Amounts;
import dev.pipelinejob.operator.observe.PodFacts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReservationsTest {
    private static final Amounts CORE = new Amounts(1000, 0, 0, Map.of());
    private static final PodFacts OURS_ON_1 = new PodFacts("node-1", "ours", CORE);
    private static final PodFacts OURS_ON_2 = new PodFacts("node-2", "ours", CORE);

    private final Reservations reservations = new Reservations();

    @Test
    void aPlaceCountsOnceWhetherItsPodIsThereOrNot() {
        // given
        reservations.take("ours", () -> List.of(OURS_ON_1, OURS_ON_2));

        // then
        assertThat(reservations.with(List.of(), "other")).containsExactly(OURS_ON_1, OURS_ON_2);
        assertThat(reservations.with(List.of(OURS_ON_1), "other")).containsExactly(OURS_ON_1, OURS_ON_2);
        assertThat(reservations.with(List.of(OURS_ON_1, OURS_ON_2), "other")).containsExactly(OURS_ON_1, OURS_ON_2);
    }

    @Test
    void aJobsOwnReservationIsNotInItsWay() {
        reservations.take("ours", () -> List.of(OURS_ON_1));

        assertThat(reservations.with(List.of(), "ours")).isEmpty();
    }

    @Test
    void whatIsReleasedOrTakenAnewIsFreeAgain() {
        // given
        reservations.take("ours", () -> List.of(OURS_ON_1));
        long before = reservations.revision();

        // when
        reservations.take("ours", () -> List.of(OURS_ON_2));

        // then
        assertThat(reservations.with(List.of(), "other")).containsExactly(OURS_ON_2);
        reservations.release("ours");
        assertThat(reservations.with(List.of(), "other")).isEmpty();
        assertThat(reservations.revision()).isGreaterThan(before);
    }

    @Test
    void aRefusedTakeChangesNothing() {
        // given
        reservations.take("ours", () -> List.of(OURS_ON_1));

        // when
        boolean taken = reservations.take("ours", () -> null);

        // then
        assertThat(taken).isFalse();
        assertThat(reservations.with(List.of(), "other")).containsExactly(OURS_ON_1);
    }
}
