package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.protocol.control.Abort;
import dev.pipelinejob.protocol.control.Pause;
import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.control.Progress;
import dev.pipelinejob.protocol.control.Start;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.control.WorkerMessage.BodyCase;
import dev.pipelinejob.protocol.plan.AdamW;
import dev.pipelinejob.protocol.plan.CheckpointSpec;
import dev.pipelinejob.protocol.plan.Cosine;
import dev.pipelinejob.protocol.plan.DataSpec;
import dev.pipelinejob.protocol.plan.GptSpec;
import dev.pipelinejob.protocol.plan.JobSpec;
import dev.pipelinejob.protocol.plan.LearningRateSchedule;
import dev.pipelinejob.protocol.plan.ModelSpec;
import dev.pipelinejob.protocol.plan.Optimizer;
import dev.pipelinejob.protocol.plan.Peer;
import dev.pipelinejob.protocol.plan.TrainingSpec;
import dev.pipelinejob.worker.engine.StageEngine;
import dev.pipelinejob.worker.transport.TensorTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/// Several runtimes in this JVM that train one small job together, with the test in the operator's place.
final class Workplace implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path directory;
    private final List<Worker> workers = new ArrayList<>();

    /// @param identity the SPIFFE id that peers must see
    record Worker(
            AttemptRunner runner,
            TensorTransport transport,
            String identity,
            OperatorLease lease,
            ConcurrentLinkedQueue<WorkerMessage> reports) {
        List<WorkerMessage> all(BodyCase body) {
            return reports.stream()
                    .filter(report -> report.getBodyCase() == body)
                    .toList();
        }
    }

    Workplace(Path directory) {
        this.directory = directory;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 4000; i++) {
            text.append((char) ('a' + (i * i + i / 7) % 26));
        }
        try {
            Files.writeString(directory.resolve("text"), text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Worker add(TensorTransport transport, String identity, Supplier<StageEngine> engines) {
        Worker worker = make(transport, identity, engines);
        workers.add(worker);
        return worker;
    }

    /// A fresh process in the place of a dead one.
    void replace(int rank, TensorTransport transport, String identity, Supplier<StageEngine> engines) {
        worker(rank).runner().close();
        workers.set(rank, make(transport, identity, engines));
    }

    private Worker make(TensorTransport transport, String identity, Supplier<StageEngine> engines) {
        ConcurrentLinkedQueue<WorkerMessage> reports = new ConcurrentLinkedQueue<>();
        OperatorLease lease = new OperatorLease(System::nanoTime);
        lease.renew(Duration.ofHours(1));
        AttemptRunner runner = new AttemptRunner(
                new RuntimeResources(
                        transport,
                        lease,
                        Clock.systemUTC(),
                        directory.resolve("cache"),
                        reports::add,
                        new RuntimeResources.Limits(LIMIT, LIMIT)),
                engines,
                "compute-" + workers.size());
        return new Worker(runner, transport, identity, lease, reports);
    }

    Worker worker(int rank) {
        return workers.get(rank);
    }

    JobSpec job(HandWrittenPlan plan, int steps) {
        return JobSpec.newBuilder()
                .setNamespace("team-a")
                .setName("tiny")
                .setUid("job-1")
                .setModel(ModelSpec.newBuilder()
                        .setGpt(GptSpec.newBuilder()
                                .setLayers(plan.ends().getLast() - 2)
                                .setWidth(8)
                                .setHeads(2)
                                .setContextLength(4)
                                .setVocabularySize(256)
                                .setDropout(0.1)
                                .setTieEmbeddings(plan.tied())))
                .setData(DataSpec.newBuilder()
                        .setTextPath(directory.resolve("text").toString()))
                .setTraining(TrainingSpec.newBuilder()
                        .setSteps(steps)
                        .setBatchSize(8)
                        .setMicroBatches(plan.microBatches())
                        .setOptimizer(Optimizer.newBuilder()
                                .setAdamW(AdamW.newBuilder()
                                        .setLearningRate(0.01)
                                        .setBeta1(0.9)
                                        .setBeta2(0.999)
                                        .setEpsilon(1e-8)
                                        .setWeightDecay(0.1)))
                        .setLearningRateSchedule(LearningRateSchedule.newBuilder()
                                .setCosine(Cosine.newBuilder().setWarmUpSteps(3).setFinalRatio(0.1)))
                        .setGradientClipNorm(0.5)
                        .setSeed(7))
                .setCheckpoint(CheckpointSpec.newBuilder()
                        .setDirectory(directory.resolve("checkpoints").toString())
                        .setEverySteps(4)
                        .setKeepLast(2))
                .build();
    }

    Prepare prepare(JobSpec job, HandWrittenPlan plan, int attempt, int rank, int resumeStep) {
        Prepare.Builder prepare = Prepare.newBuilder()
                .setAttempt(attempt)
                .setDigest("digest-" + attempt)
                .setRank(rank)
                .setJob(job)
                .setPlan(plan.plan())
                .setOperations(plan.lists(rank))
                .setResumeStep(resumeStep);
        for (int peer = 0; peer < plan.workers(); peer++) {
            prepare.addPeers(Peer.newBuilder()
                    .setRank(peer)
                    .setAddress(worker(peer).transport().address())
                    .setIdentity(worker(peer).identity()));
        }
        return prepare.build();
    }

    /// Both phases on all workers, until they run.
    void begin(JobSpec job, HandWrittenPlan plan, int attempt, int resumeStep) throws InterruptedException {
        prepareAll(job, plan, attempt, resumeStep);
        startAll(plan, attempt);
    }

    void prepareAll(JobSpec job, HandWrittenPlan plan, int attempt, int resumeStep) throws InterruptedException {
        for (int rank = 0; rank < plan.workers(); rank++) {
            worker(rank).runner().prepare(prepare(job, plan, attempt, rank, resumeStep));
        }
        for (int rank = 0; rank < plan.workers(); rank++) {
            await(rank, BodyCase.READY, attempt);
        }
    }

    void startAll(HandWrittenPlan plan, int attempt) {
        for (int rank = 0; rank < plan.workers(); rank++) {
            worker(rank).runner().start(Start.newBuilder().setAttempt(attempt).build());
        }
    }

    /// A whole attempt to its end; the losses that it reported, by step.
    SortedMap<Integer, Double> run(JobSpec job, HandWrittenPlan plan, int attempt, int resumeStep)
            throws InterruptedException {
        begin(job, plan, attempt, resumeStep);
        for (int rank = 0; rank < plan.workers(); rank++) {
            await(rank, BodyCase.FINISHED, attempt);
        }
        return losses(attempt);
    }

    SortedMap<Integer, Double> losses(int attempt) {
        SortedMap<Integer, Double> losses = new TreeMap<>();
        for (Worker worker : workers) {
            worker.all(BodyCase.PROGRESS).stream()
                    .map(WorkerMessage::getProgress)
                    .filter(progress -> progress.getAttempt() == attempt && progress.hasLoss())
                    .forEach(progress -> losses.put(progress.getStep(), progress.getLoss()));
        }
        return losses;
    }

    List<Progress> progress(int rank) {
        return worker(rank).all(BodyCase.PROGRESS).stream()
                .map(WorkerMessage::getProgress)
                .toList();
    }

    /// Waits for a report of one kind and attempt.
    WorkerMessage await(int rank, BodyCase body, int attempt) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadlineNanos) {
            for (WorkerMessage report : worker(rank).all(body)) {
                if (attempt(report) == attempt) {
                    return report;
                }
            }
            Thread.sleep(2);
        }
        throw new AssertionError("Rank " + rank + " never reported " + body + " of attempt " + attempt + ", but "
                + worker(rank).reports());
    }

    private static int attempt(WorkerMessage report) {
        return switch (report.getBodyCase()) {
            case READY -> report.getReady().getAttempt();
            case CORRUPT -> report.getCorrupt().getAttempt();
            case REFUSED -> report.getRefused().getAttempt();
            case PROGRESS -> report.getProgress().getAttempt();
            case COMMITTED -> report.getCommitted().getAttempt();
            case EDGE_DOWN -> report.getEdgeDown().getAttempt();
            case ATTEMPT_FAILED -> report.getAttemptFailed().getAttempt();
            case FINISHED -> report.getFinished().getAttempt();
            case TRACE -> report.getTrace().getAttempt();
            case PAUSED -> report.getPaused().getAttempt();
            case HELLO, ENGINE_UP, ENGINE_EXITED, INVENTORY, DRAINING, ALIVE, RENEW_CERTIFICATE, BODY_NOT_SET -> -1;
        };
    }

    void pause(int rank, int attempt) {
        worker(rank).runner().pause(Pause.newBuilder().setAttempt(attempt).build());
    }

    void abort(int rank, int attempt) {
        worker(rank)
                .runner()
                .abort(Abort.newBuilder().setAttempt(attempt).setReason("test").build());
    }

    @Override
    public void close() {
        workers.forEach(worker -> worker.runner().close());
        workers.forEach(worker -> worker.transport().close());
    }
}
