package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.protocol.control.AttemptFailed.Reason;
import dev.pipelinejob.worker.checkpoint.CollectOutcome;
import dev.pipelinejob.worker.checkpoint.CommitOutcome;
import dev.pipelinejob.worker.checkpoint.LossCurve;
import dev.pipelinejob.worker.checkpoint.Manifest;
import dev.pipelinejob.worker.checkpoint.Part;
import dev.pipelinejob.worker.checkpoint.PartOutcome;
import dev.pipelinejob.worker.checkpoint.PartRequest;
import dev.pipelinejob.worker.checkpoint.StoreFailure;
import dev.pipelinejob.worker.checkpoint.TrainingFingerprint;
import dev.pipelinejob.worker.checkpoint.Withheld;
import dev.pipelinejob.worker.checkpoint.WriteOutcome;
import dev.pipelinejob.worker.engine.Parameter;
import dev.pipelinejob.worker.engine.StateTensor;
import dev.pipelinejob.worker.schedule.Operation;
import dev.pipelinejob.worker.schedule.StageLayout.HeldStage;
import dev.pipelinejob.worker.transport.ChannelException;
import dev.pipelinejob.worker.transport.TensorKey;
import dev.pipelinejob.worker.transport.TensorKey.Kind;
import dev.pipelinejob.worker.transport.TensorLease;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A checkpoint: every stage writes its part, the root gathers their entries and commits.
final class CheckpointOperations {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointOperations.class);
    private static final Duration LEASE_POLL = Duration.ofMillis(200);

    private final AttemptContext context;
    private final AttemptGate gate;
    private final DirectScratch scratch;
    private final SortedMap<Integer, Part> partByStage = new TreeMap<>();

    CheckpointOperations(AttemptContext context, AttemptGate gate, DirectScratch scratch) {
        this.context = context;
        this.gate = gate;
        this.scratch = scratch;
    }

    void writePart(int step, Operation operation) throws AttemptStopped {
        require(context.losses().sync());
        HeldStage stage = context.layout().stages().get(operation.stage());
        List<StateTensor> tensors = context.engine().state(stage.index());
        Set<String> parameters = context.engine().parameters().stream()
                .filter(parameter -> parameter.stage() == stage.index() && parameter.countsInNorm())
                .map(Parameter::name)
                .collect(Collectors.toSet());
        PartRequest request = new PartRequest(
                step,
                context.attempt(),
                stage.firstLayer(),
                stage.endLayer(),
                tensors,
                tensors.stream()
                        .map(StateTensor::name)
                        .filter(parameters::contains)
                        .toList());
        PartOutcome outcome = context.store().writePart(request, (tensor, into) -> {
            if (!tensor.equals(tensors.getFirst())) {
                context.pass(FaultPoint.PART_HALF_WRITTEN, step);
            }
            context.engine().readState(stage.index(), tensor, into);
        });
        switch (outcome) {
            case PartOutcome.PartWritten written -> partByStage.put(stage.index(), written.part());
            case Withheld.Superseded superseded -> throw superseded(superseded);
            case StoreFailure failure -> throw stopped(failure);
        }
    }

    void sendPart(int step, Operation operation) throws ChannelException, InterruptedException {
        Part part = partByStage.get(operation.stage());
        if (part == null) {
            throw new IllegalStateException(
                    "The list sends the part of stage " + operation.stage() + " before it is written.");
        }
        byte[] encoded = part.encode();
        ByteBuffer payload = scratch.of(encoded.length);
        payload.put(0, encoded);
        context.channel().send(operation.peer(), message(step, operation), payload);
    }

    void receivePart(int step, Operation operation) throws ChannelException, InterruptedException {
        try (TensorLease received =
                context.channel().receive(operation.peer(), message(step, operation), context.receiveLimit())) {
            partByStage.put(operation.stage(), Part.decode(received.buffer()));
        }
    }

    private static TensorKey message(int step, Operation operation) {
        return new TensorKey(step, Kind.PART, operation.stage(), -1);
    }

    /// Commits what was gathered, then removes what is no longer needed. Without a lease a regular checkpoint is given
    /// up and training goes on; the others wait for the lease, because nothing follows them.
    ///
    /// @return whether the step is a checkpoint now
    boolean commit(int step, CheckpointOccasion occasion)
            throws AttemptStopped, ChannelException, InterruptedException {
        boolean last = occasion == CheckpointOccasion.FINAL;
        Manifest manifest = new Manifest(
                step,
                context.attempt(),
                context.sampler().samplesConsumed(step),
                context.tokens().digest(),
                context.engine().describe().fingerprint(),
                TrainingFingerprint.of(context.request().getJob()),
                new ArrayList<>(partByStage.values()),
                last);
        partByStage.clear();
        if (last) {
            // Before the commit, so that a final manifest always has its curve.
            Path directory = Path.of(context.request().getJob().getCheckpoint().getDirectory());
            require(LossCurve.write(directory, directory.resolve(LossCurve.FILE)));
        }
        while (true) {
            if (last) {
                clearBelow(step);
            }
            switch (context.store().commit(manifest)) {
                case CommitOutcome.Committed _, CommitOutcome.AlreadyCommitted _ -> {
                    collect();
                    return true;
                }
                case Withheld.LeaseExpired _ -> {
                    if (occasion == CheckpointOccasion.REGULAR) {
                        LOG.atWarn()
                                .addKeyValue("attempt", context.attempt())
                                .addKeyValue("step", step)
                                .log("The operator's lease has expired: this checkpoint is not committed.");
                        return false;
                    }
                    gate.pause(LEASE_POLL);
                }
                case Withheld.Superseded superseded -> throw superseded(superseded);
                case StoreFailure failure -> throw stopped(failure);
            }
        }
    }

    /// With the final manifest the job is over, and its workers may be ended before they collect.
    private void clearBelow(int step) {
        if (context.store().clearBelow(step, context.attempt()) instanceof StoreFailure failure) {
            LOG.atWarn().addKeyValue("attempt", context.attempt()).log(failure.sentence());
        }
    }

    private void collect() throws AttemptStopped {
        switch (context.store()
                .collect(
                        context.attempt(),
                        context.request().getJob().getCheckpoint().getKeepLast())) {
            case CollectOutcome.Collected _, Withheld.LeaseExpired _ -> {
                // What an expired lease leaves standing is removed after a later commit.
            }
            case Withheld.Superseded superseded -> throw superseded(superseded);
            case StoreFailure failure -> throw stopped(failure);
        }
    }

    private AttemptStopped superseded(Withheld.Superseded by) {
        return new AttemptStopped(
                Reason.INTERNAL,
                "Attempt " + context.attempt() + " is over: attempt " + by.newerAttempt() + " has begun on its store.");
    }

    static void require(WriteOutcome outcome) throws AttemptStopped {
        switch (outcome) {
            case WriteOutcome.Written _ -> {
                // As it should be.
            }
            case StoreFailure failure -> throw stopped(failure);
        }
    }

    static AttemptStopped stopped(StoreFailure failure) {
        return new AttemptStopped(
                failure instanceof StoreFailure.StoreFull ? Reason.STORE_FULL : Reason.STORE_ERROR, failure.sentence());
    }
}
