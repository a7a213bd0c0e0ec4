package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.protocol.control.Corrupt;
import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.control.Refused;
import dev.pipelinejob.protocol.plan.Peer;
import dev.pipelinejob.worker.checkpoint.CheckpointStore;
import dev.pipelinejob.worker.checkpoint.LossSegment;
import dev.pipelinejob.worker.checkpoint.OpenOutcome;
import dev.pipelinejob.worker.checkpoint.OpenedCheckpoint;
import dev.pipelinejob.worker.checkpoint.TrainingFingerprint;
import dev.pipelinejob.worker.data.BatchSampler;
import dev.pipelinejob.worker.data.DataOutcome;
import dev.pipelinejob.worker.data.DataRequest;
import dev.pipelinejob.worker.data.TokenSource;
import dev.pipelinejob.worker.engine.EngineSpec;
import dev.pipelinejob.worker.engine.StageEngine;
import dev.pipelinejob.worker.engine.StateTensor;
import dev.pipelinejob.worker.runtime.PrepareOutcome.IsCorrupt;
import dev.pipelinejob.worker.runtime.PrepareOutcome.IsReady;
import dev.pipelinejob.worker.runtime.PrepareOutcome.IsRefused;
import dev.pipelinejob.worker.schedule.ScheduleOutcome;
import dev.pipelinejob.worker.schedule.ScheduleReader;
import dev.pipelinejob.worker.schedule.StageLayout.HeldStage;
import dev.pipelinejob.worker.schedule.WorkerSchedule;
import dev.pipelinejob.worker.transport.ChannelException;
import dev.pipelinejob.worker.transport.ChannelSpec;
import dev.pipelinejob.worker.transport.ChannelSpec.Fence;
import dev.pipelinejob.worker.transport.ChannelSpec.PeerAddress;
import dev.pipelinejob.worker.transport.TensorChannel;
import dev.pipelinejob.worker.transport.TensorTransport.EdgeListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Phase one of an attempt, on the compute thread: builds and loads this worker's stages and meets its peers.
final class Preparation {
    private final RuntimeResources resources;
    private final StageEngine engine;
    private final Prepare request;
    private final AttemptGate gate;

    Preparation(RuntimeResources resources, StageEngine engine, Prepare request, AttemptGate gate) {
        this.resources = resources;
        this.engine = engine;
        this.request = request;
        this.gate = gate;
    }

    PrepareOutcome run(EdgeListener edges) throws ChannelException, AttemptStopped, InterruptedException {
        long startNanos = System.nanoTime();
        resources.faults().pass(FaultPoint.PREPARE, request.getResumeStep(), request.getRank(), request.getAttempt());
        ScheduleOutcome read = ScheduleReader.read(
                request.getPlan(),
                request.getOperations(),
                request.getRank(),
                request.getJob().getTraining().getMicroBatches());
        return switch (read) {
            case ScheduleOutcome.Invalid invalid -> refused(Refused.Reason.INVALID, invalid.sentence());
            case WorkerSchedule schedule -> {
                // The channel first: peers that are faster than this worker are let in while it loads.
                TensorChannel channel = resources.transport().open(channelSpec(schedule), edges);
                gate.guard(channel);
                yield load(schedule, channel, startNanos);
            }
        };
    }

    private ChannelSpec channelSpec(WorkerSchedule schedule) {
        SortedMap<Integer, PeerAddress> peers = new TreeMap<>();
        for (Peer peer : request.getPeersList()) {
            peers.put(peer.getRank(), new PeerAddress(peer.getAddress(), peer.getIdentity()));
        }
        return new ChannelSpec(
                new Fence(request.getJob().getUid(), request.getAttempt(), request.getDigest()),
                request.getRank(),
                peers,
                Credits.receivers(schedule),
                Credits.of(schedule));
    }

    private PrepareOutcome load(WorkerSchedule schedule, TensorChannel channel, long startNanos)
            throws ChannelException, AttemptStopped, InterruptedException {
        EngineSpec spec;
        try {
            spec = EngineSpecs.of(request.getJob(), schedule.layout());
            engine.init(spec);
        } catch (IllegalArgumentException e) {
            return refused(Refused.Reason.INVALID, String.valueOf(e.getMessage()));
        }
        return switch (TokenSource.open(dataRequest(spec))) {
            case DataOutcome.Refused refusal -> refused(Refused.Reason.INVALID, refusal.sentence());
            case TokenSource tokens -> {
                boolean kept = false;
                try {
                    PrepareOutcome outcome = load(schedule, channel, spec, tokens, startNanos);
                    kept = outcome instanceof IsReady;
                    yield outcome;
                } finally {
                    if (!kept) {
                        tokens.close();
                    }
                }
            }
        };
    }

    private DataRequest dataRequest(EngineSpec spec) {
        return new DataRequest(
                Path.of(request.getJob().getData().getTextPath()),
                request.getJob().getData().getMaxBytes(),
                EngineSpecs.contextLength(spec),
                EngineSpecs.vocabularySize(spec),
                resources.cacheFolder());
    }

    private PrepareOutcome load(
            WorkerSchedule schedule, TensorChannel channel, EngineSpec spec, TokenSource tokens, long startNanos)
            throws ChannelException, AttemptStopped, InterruptedException {
        String expected = request.getJob().getData().getDigest();
        if (!expected.isEmpty() && !expected.equals(tokens.digest())) {
            return refused(
                    Refused.Reason.DATA_CHANGED,
                    "The data at " + request.getJob().getData().getTextPath() + " has digest " + tokens.digest()
                            + ", but the job began with " + expected + ". Restore the data or start a new job.");
        }
        Path directory = Path.of(request.getJob().getCheckpoint().getDirectory());
        CheckpointStore store = new CheckpointStore(directory, resources.lease());
        CheckpointOperations.require(store.begin(request.getAttempt(), request.getResumeStep()));
        if (request.getResumeStep() > 0) {
            PrepareOutcome wrong = restore(schedule, store, tokens);
            if (wrong != null) {
                return wrong;
            }
        }
        BatchSampler sampler = new BatchSampler(
                tokens,
                new BatchSampler.Shape(
                        request.getJob().getTraining().getSeed(),
                        EngineSpecs.contextLength(spec),
                        request.getJob().getTraining().getBatchSize(),
                        schedule.microBatches(),
                        EngineSpecs.targets(spec)));
        long loadMicros = (System.nanoTime() - startNanos) / 1000;
        channel.connect(resources.limits().connect());
        return new IsReady(
                new AttemptContext(
                        request,
                        schedule,
                        engine,
                        channel,
                        tokens,
                        sampler,
                        store,
                        LossSegment.of(directory, request.getAttempt()),
                        resources.limits().receive(),
                        resources.faults()),
                loadMicros);
    }

    private @Nullable PrepareOutcome restore(WorkerSchedule schedule, CheckpointStore store, TokenSource tokens)
            throws ChannelException {
        SequencedSet<StateTensor> needed = new LinkedHashSet<>();
        schedule.layout().own().forEach(stage -> needed.addAll(engine.state(stage.index())));
        return switch (store.open(request.getResumeStep(), needed)) {
            case OpenOutcome.Absent _ -> corrupt("manifest.json", "The step is not in the store.");
            case OpenOutcome.Corrupt wrong -> corrupt(wrong.part(), wrong.detail());
            case OpenedCheckpoint opened -> {
                try (opened) {
                    String refusal =
                            opened.manifest().refusal(tokens.digest(), TrainingFingerprint.of(request.getJob()));
                    if (refusal != null) {
                        yield refused(Refused.Reason.DATA_CHANGED, refusal);
                    }
                    yield copy(schedule, opened);
                } catch (IOException e) {
                    yield corrupt("step " + request.getResumeStep(), String.valueOf(e.getMessage()));
                }
            }
        };
    }

    private @Nullable PrepareOutcome copy(WorkerSchedule schedule, OpenedCheckpoint opened)
            throws ChannelException, IOException {
        DirectScratch scratch = new DirectScratch();
        for (HeldStage stage : schedule.layout().own()) {
            for (StateTensor tensor : engine.state(stage.index())) {
                gate.requireOpen();
                ByteBuffer bytes = scratch.of(tensor.bytes());
                opened.read(tensor, bytes);
                engine.writeState(stage.index(), tensor, bytes);
            }
        }
        return null;
    }

    private IsRefused refused(Refused.Reason reason, String sentence) {
        return new IsRefused(Refused.newBuilder()
                .setAttempt(request.getAttempt())
                .setReason(reason)
                .setDetail(sentence)
                .build());
    }

    private IsCorrupt corrupt(String part, String detail) {
        return new IsCorrupt(Corrupt.newBuilder()
                .setAttempt(request.getAttempt())
                .setStep(request.getResumeStep())
                .setPart(part)
                .setDetail(detail)
                .build());
    }
}
