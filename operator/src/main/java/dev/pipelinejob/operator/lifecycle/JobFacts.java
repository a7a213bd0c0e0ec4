package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the lifecycle needs to know of a job's spec.
///
/// @param name for messages
/// @param totalSteps the steps to train
/// @param hold why the job is held, if it is
/// @param bitwise whether engines of different numerics are refused
/// @param failurePolicy when to restart and when to give up
/// @param limits how long things may take
/// @param spares how many workers are to stand by
public record JobFacts(
        String name,
        int totalSteps,
        Hold hold,
        boolean bitwise,
        FailurePolicy failurePolicy,
        Limits limits,
        int spares) {
    public JobFacts {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(failurePolicy, "failurePolicy");
        if (totalSteps < 1) {
            throw new IllegalArgumentException("totalSteps is " + totalSteps + " but must be at least 1.");
        }
    }

    /// A job without spares.
    ///
    /// @param suspended whether the user asked to hold the job
    public JobFacts(
            String name,
            int totalSteps,
            boolean suspended,
            boolean bitwise,
            FailurePolicy failurePolicy,
            Limits limits) {
        this(name, totalSteps, suspended ? Hold.SUSPENDED : Hold.NONE, bitwise, failurePolicy, limits, 0);
    }

    /// Whether it is held, for whatever reason.
    boolean suspended() {
        return hold != Hold.NONE;
    }

    /// The same job, held for another reason.
    public JobFacts held(Hold reason) {
        return new JobFacts(name, totalSteps, reason, bitwise, failurePolicy, limits, spares);
    }

    /// The same job with so many workers that stand by.
    public JobFacts withSpares(int count) {
        return new JobFacts(name, totalSteps, hold, bitwise, failurePolicy, limits, count);
    }

    /// How long things may take.
    ///
    /// @param ready from a slot's start until its engine is up
    /// @param prepare until a worker answers `Prepare`
    /// @param grace for the checkpoint of all workers before a worker leaves or the job is suspended
    /// @param active from the job's start, or its last resumption, until it fails; null when it has no such limit
    /// @param keepFinished from the job's end until it is deleted; null when it stays
    public record Limits(
            Duration ready,
            Duration prepare,
            Duration grace,
            @Nullable Duration active,
            @Nullable Duration keepFinished) {
        public Limits {
            Durations.requirePositive("ready", ready);
            Durations.requirePositive("prepare", prepare);
            Durations.requireNotNegative("grace", grace);
        }
    }
}
