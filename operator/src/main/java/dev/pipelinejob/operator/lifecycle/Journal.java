package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import java.util.List;
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
        return new Journal(
                restarts,
                charged,
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

    Journal withFruitless(int inARow) {
        return new Journal(
                restarts,
                chargedAt,
                inARow,
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

    Journal withStartsAt(@Nullable Instant instant) {
        return new Journal(
                restarts,
                chargedAt,
                fruitless,
                instant,
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

    Journal withHistory(int count, List<Restart> entries) {
        return new Journal(
                count,
                chargedAt,
                fruitless,
                startsAt,
                entries,
                open,
                pausing,
                corruptSteps,
                workers,
                dataDigest,
                inexact,
                startedAt,
                ended);
    }

    /// One more time something was made new.
    Journal withRestart() {
        return withHistory(restarts + 1, history);
    }

    /// A failure ends a pause too.
    Journal withOpen(@Nullable Fault fault) {
        return new Journal(
                restarts,
                chargedAt,
                fruitless,
                startsAt,
                history,
                fault,
                null,
                corruptSteps,
                workers,
                dataDigest,
                inexact,
                startedAt,
                ended);
    }

    Journal withPausing(@Nullable Pausing pause) {
        return new Journal(
                restarts,
                chargedAt,
                fruitless,
                startsAt,
                history,
                open,
                pause,
                corruptSteps,
                workers,
                dataDigest,
                inexact,
                startedAt,
                ended);
    }

    Journal withCorruptStep(int step) {
        if (corruptSteps.contains(step)) {
            return this;
        }
        List<Integer> steps =
                Stream.concat(corruptSteps.stream(), Stream.of(step)).sorted().toList();
        return new Journal(
                restarts,
                chargedAt,
                fruitless,
                startsAt,
                history,
                open,
                pausing,
                steps,
                workers,
                dataDigest,
                inexact,
                startedAt,
                ended);
    }

    Journal withWorkers(WorkerMemory memory) {
        return new Journal(
                restarts,
                chargedAt,
                fruitless,
                startsAt,
                history,
                open,
                pausing,
                corruptSteps,
                memory,
                dataDigest,
                inexact,
                startedAt,
                ended);
    }

    Journal withDataDigest(String digest) {
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
                digest,
                inexact,
                startedAt,
                ended);
    }

    Journal withInexact(String why) {
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
                why,
                startedAt,
                ended);
    }

    Journal withStartedAt(@Nullable Instant start) {
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
                start,
                ended);
    }

    /// For a job that has ended and is asked for again: it goes on, with a new restart budget and a new start.
    public Journal reopened() {
        return new Journal(
                restarts,
                List.of(),
                0,
                null,
                history,
                open,
                null,
                corruptSteps,
                workers,
                dataDigest,
                inexact,
                null,
                null);
    }

    Journal withEnded(Ending ending) {
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
                ending);
    }

    boolean isHandled(int slot, int incarnation, long pid) {
        return workers.isHandled(slot, incarnation, pid);
    }
}
