package dev.pipelinejob.operator.drive;

import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.operator.lifecycle.Seat;
import dev.pipelinejob.operator.planning.AttemptRecord;
import dev.pipelinejob.operator.planning.JobTranslation;
import dev.pipelinejob.operator.planning.PlanningOutcome;
import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.identity.SpiffeId;
import dev.pipelinejob.protocol.plan.Peer;
import org.jspecify.annotations.Nullable;

/// What the workers of an attempt are told, rank by rank. What all of them are told is made once and shared by their
/// messages: who their peers are grows with the ranks, and so many messages would hold so many copies of it.
final class PrepareMessages {
    private final PipelineJobSpec spec;
    private final WorkerNames names;
    private @Nullable Prepare shared;

    PrepareMessages(PipelineJobSpec spec, WorkerNames names) {
        this.spec = spec;
        this.names = names;
    }

    /// Null when the worker of a seat is not there any more; then the next round will find that out too.
    @Nullable
    Prepare of(AttemptRecord attempt, PlanningOutcome.Planned planned, int rank) {
        Prepare common = shared;
        if (common == null || common.getAttempt() != attempt.attempt()) {
            common = common(attempt, planned);
            shared = common;
        }
        return common == null
                ? null
                : common.toBuilder()
                        .setRank(rank)
                        .setOperations(planned.executable().operations(rank))
                        .build();
    }

    private @Nullable Prepare common(AttemptRecord attempt, PlanningOutcome.Planned planned) {
        Prepare.Builder message = Prepare.newBuilder()
                .setAttempt(attempt.attempt())
                .setDigest(attempt.digest())
                .setJob(JobTranslation.jobSpec(names.job(), spec, names.paths(), attempt.dataDigest()))
                .setPlan(planned.executable().plan())
                .setResumeStep(attempt.resumeStep());
        for (Seat seat : attempt.seats()) {
            SpiffeId.Worker identity = names.identity(names.worker(seat.slot(), seat.incarnation()));
            if (identity == null) {
                return null;
            }
            message.addPeers(Peer.newBuilder()
                    .setRank(seat.rank())
                    .setAddress(seat.engineAddress())
                    .setIdentity(identity.uri()));
        }
        return message.build();
    }
}
