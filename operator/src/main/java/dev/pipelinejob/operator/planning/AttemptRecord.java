package dev.pipelinejob.operator.planning;

import dev.pipelinejob.operator.lifecycle.ClaimedAttempt;
import dev.pipelinejob.operator.lifecycle.Decision;
import dev.pipelinejob.operator.lifecycle.Seat;
import dev.pipelinejob.placement.plan.Plan;
import java.time.Instant;
import java.util.List;

/// What is written, once and for ever, before an attempt begins; all else follows from it and the job's spec.
///
/// @param version of this record's form
/// @param attempt its number
/// @param resumeStep the committed step that it starts from; 0 = from the seed
/// @param plan who computes what, in which schedule
/// @param generatorVersion of the generator that made the operation lists
/// @param digest of plan and operation lists
/// @param seats which process fills which rank
/// @param dataDigest what the data must hash to; empty when nobody knew yet
/// @param figures what was promised of the plan
/// @param claimedAt when it was claimed
public record AttemptRecord(
        int version,
        int attempt,
        int resumeStep,
        Plan plan,
        int generatorVersion,
        String digest,
        List<Seat> seats,
        String dataDigest,
        PlanFigures figures,
        Instant claimedAt) {
    public static final int VERSION = 1;

    public AttemptRecord {
        seats = List.copyOf(seats);
    }

    /// The record of a claim.
    public static AttemptRecord of(Decision.ClaimAttempt claim, PlanningOutcome.Planned planned, Instant now) {
        if (!claim.plan().digest().equals(planned.reference().digest())) {
            throw new IllegalArgumentException("Attempt %d claims plan %s but was given plan %s."
                    .formatted(
                            claim.number(),
                            claim.plan().digest(),
                            planned.reference().digest()));
        }
        return new AttemptRecord(
                VERSION,
                claim.number(),
                claim.resumeStep(),
                planned.plan(),
                planned.executable().plan().getGeneratorVersion(),
                planned.executable().digest(),
                claim.seats(),
                claim.dataDigest(),
                planned.figures(),
                now);
    }

    /// As the lifecycle sees it.
    public ClaimedAttempt claimed() {
        return new ClaimedAttempt(attempt, resumeStep, digest, seats, claimedAt);
    }
}
