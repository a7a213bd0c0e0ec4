package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the lifecycle remembers of a job: the driver keeps it, unread, and hands it back with the next observation.
/// A lost journal is not fatal: what still can be seen is found again, only the budget starts anew.
///
/// @param restarts how often a new attempt followed a failure, ever
/// @param chargedAt when the failures that count against the budget were detected, oldest first
/// @param fruitless how many failures in a row came without a completed step between them
/// @param startsAt no worker is started before, because not all could be; null when nothing holds that up
/// @param history the last restarts, oldest first, at most {@link #MAX_HISTORY}
/// @param open the failure that no new attempt has answered yet; null when there is none
/// @param pausing the pause that all workers were asked for; null when there is none
/// @param corruptSteps committed steps that a worker could not load
/// @param workers of each slot's pods and processes
/// @param dataDigest the digest of the data that the job began with; empty until known
/// @param inexact why losses may differ from those of an undisturbed run from some step on; null while they cannot
/// @param startedAt when the job began, or was resumed last; null before that and while it is suspended
/// @param ended how the job ended; null while it goes on
public record Journal(
        int restarts,
        List<Instant> chargedAt,
        int fruitless,
        @Nullable Instant startsAt,
        List<Restart> history,
        @Nullable Fault open,
        @Nullable Pausing pausing,
        List<Integer> corruptSteps,
        WorkerMemory workers,
        String dataDigest,
        @Nullable String inexact,
        @Nullable Instant startedAt,
        @Nullable Ending ended) {
    public static final int MAX_HISTORY = 10;
    public static final Journal EMPTY = new Journal(
            0, List.of(), 0, null, List.of(), null, null, List.of(), WorkerMemory.EMPTY, "", null, null, null);

    public Journal {
        chargedAt = List.copyOf(chargedAt);
        history = List.copyOf(history.subList(Math.max(0, history.size() - MAX_HISTORY), history.size()));
        corruptSteps = List.copyOf(corruptSteps);
    }

    /// A checkpoint of all workers that was asked for, after which the attempt ends.
    ///
    /// @param attempt which attempt
    /// @param cause why
    /// @param since when it was asked for first
    /// @param detail in words
    public record Pausing(int attempt, Cause cause, Instant since, String detail) {}

    /// How the job ended. It never changes again.
    ///
    /// @param complete whether it trained all its steps
    /// @param reason stable word for the condition
    /// @param message in words
    /// @param userError whether the user's input is the cause
    /// @param at when
    public record Ending(boolean complete, String reason, String message, boolean userError, Instant at) {}

    Journal withChargedAt(List<Instant> charged) {
        return with(draft -> draft.chargedAt = charged);
    }

    Journal withFruitless(int inARow) {
        return with(draft -> draft.fruitless = inARow);
    }

    Journal withStartsAt(@Nullable Instant instant) {
        return with(draft -> draft.startsAt = instant);
    }

    Journal withHistory(int count, List<Restart> entries) {
        return with(draft -> {
            draft.restarts = count;
            draft.history = entries;
        });
    }

    /// One more time something was made new.
    Journal withRestart() {
        return withHistory(restarts + 1, history);
    }

    /// A failure ends a pause too.
    Journal withOpen(@Nullable Fault fault) {
        return with(draft -> {
            draft.open = fault;
            draft.pausing = null;
        });
    }

    Journal withPausing(@Nullable Pausing pause) {
        return with(draft -> draft.pausing = pause);
    }

    Journal withCorruptStep(int step) {
        if (corruptSteps.contains(step)) {
            return this;
        }
        List<Integer> steps =
                Stream.concat(corruptSteps.stream(), Stream.of(step)).sorted().toList();
        return with(draft -> draft.corruptSteps = steps);
    }

    Journal withWorkers(WorkerMemory memory) {
        return with(draft -> draft.workers = memory);
    }

    Journal withDataDigest(String digest) {
        return with(draft -> draft.dataDigest = digest);
    }

    Journal withInexact(String why) {
        return with(draft -> draft.inexact = why);
    }

    Journal withStartedAt(@Nullable Instant start) {
        return with(draft -> draft.startedAt = start);
    }

    /// For a job that has ended and is asked for again: it goes on, with a new restart budget and a new start.
    public Journal reopened() {
        return with(draft -> {
            draft.chargedAt = List.of();
            draft.fruitless = 0;
            draft.startsAt = null;
            draft.pausing = null;
            draft.startedAt = null;
            draft.ended = null;
        });
    }

    Journal withEnded(Ending ending) {
        return with(draft -> draft.ended = ending);
    }

    boolean isHandled(int slot, int incarnation, long pid) {
        return workers.isHandled(slot, incarnation, pid);
    }

    private Journal with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.journal();
    }

    /// A journal while some of it is being changed.
    private static final class Draft {
        private int restarts;
        private List<Instant> chargedAt;
        private int fruitless;
        private @Nullable Instant startsAt;
        private List<Restart> history;
        private @Nullable Fault open;
        private @Nullable Pausing pausing;
        private List<Integer> corruptSteps;
        private WorkerMemory workers;
        private String dataDigest;
        private @Nullable String inexact;
        private @Nullable Instant startedAt;
        private @Nullable Ending ended;

        Draft(Journal from) {
            restarts = from.restarts;
            chargedAt = from.chargedAt;
            fruitless = from.fruitless;
            startsAt = from.startsAt;
            history = from.history;
            open = from.open;
            pausing = from.pausing;
            corruptSteps = from.corruptSteps;
            workers = from.workers;
            dataDigest = from.dataDigest;
            inexact = from.inexact;
            startedAt = from.startedAt;
            ended = from.ended;
        }

        Journal journal() {
            return new Journal(
                    restarts,
                    chargedAt,
                    fruitless,
                    startsAt,
                    history,
                    open,
                    pausing,
                    corruptSteps,
                    workers,
                    dataDigest,
                    inexact,
                    startedAt,
                    ended);
        }
    }
}
