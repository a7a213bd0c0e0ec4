package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// A worker that dies whenever it is started: slot 1 of a job that has not claimed an attempt yet.
class FailingStartTest {
    private static final int MAX_RESTARTS = 5;

    @Test
    void aWorkerThatDiesAtEveryStartIsCountedWaitsLongerEachTimeAndFailsTheJobWithItsLastWords() {
        List<Long> waits = new ArrayList<>();
        Journal journal = Journal.EMPTY;
        Instant now = Scene.NOW;
        for (int incarnation = 1; incarnation <= MAX_RESTARTS; incarnation++) {
            Round died = scene(journal, incarnation).decide(now);
            Instant replacedAt = replacedAt(died, now);
            waits.add(Duration.between(now, replacedAt).toSeconds());
            now = replacedAt;
            journal = scene(died.journal(), incarnation).decide(now).journal();
        }
        journal = scene(journal, MAX_RESTARTS + 1).decide(now).journal();

        assertThat(waits).containsExactly(0L, 0L, 1L, 2L, 4L);
        Journal.Ending ended = Objects.requireNonNull(journal.ended());
        assertThat(ended.reason()).isEqualTo("BackoffLimitExceeded");
        assertThat(ended.message()).endsWith("ended: exit code 1. Its log ends with: no such model");
        assertThat(journal.restarts()).isEqualTo(MAX_RESTARTS);
        assertThat(journal.history())
                .hasSize(MAX_RESTARTS + 1)
                .allMatch(restart -> restart.lastLog().equals("no such model") && restart.lostSteps() == 0);
    }

    /// When the worker is made new: now, or when the round asks to be called again.
    private static Instant replacedAt(Round round, Instant now) {
        if (round.decisions().stream().anyMatch(Decision.ReplaceSlot.class::isInstance)) {
            return now;
        }
        return round.decisions().stream()
                .filter(Decision.WaitUntil.class::isInstance)
                .map(decision -> ((Decision.WaitUntil) decision).instant())
                .findFirst()
                .orElseThrow();
    }

    private static Scene scene(Journal journal, int incarnation) {
        Presence gone = new Presence.Gone(incarnation, 1, 0, "", false, "", List.of(), "no such model");
        return Scene.fresh()
                .planning(new PlanningState.Proposed(Scene.PLAN, false))
                .inventory(Inventory.EMPTY)
                .job(Scene.job(Scene.withoutBackoff(MAX_RESTARTS)))
                .slots(List.of(Scene.up(0, null), Scene.presence(Scene.up(1, null), gone), Scene.up(2, null)))
                .journal(journal);
    }
}
