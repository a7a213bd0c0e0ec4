package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the lifecycle needs to know of a job's spec.
///
/// @param name for messages
/// @param totalSteps the steps to train
/// @param suspended whether the user asked to hold the job
/// @param bitwise whether engines of different numerics are refused
/// @param deadline when the job fails if it has not completed; null when it has no deadline
/// @param failurePolicy when to restart and when to give up
/// @param readyTimeout how long a slot may take from its start until its engine is up
/// @param prepareTimeout how long a worker may take to answer `Prepare`
public record JobFacts(
        String name,
        int totalSteps,
        boolean suspended,
        boolean bitwise,
        @Nullable Instant deadline,
        FailurePolicy failurePolicy,
        Duration readyTimeout,
        Duration prepareTimeout) {
    public JobFacts {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(failurePolicy, "failurePolicy");
        if (totalSteps < 1) {
            throw new IllegalArgumentException("totalSteps is " + totalSteps + " but must be at least 1.");
        }
        Durations.requirePositive("readyTimeout", readyTimeout);
        Durations.requirePositive("prepareTimeout", prepareTimeout);
    }
}
