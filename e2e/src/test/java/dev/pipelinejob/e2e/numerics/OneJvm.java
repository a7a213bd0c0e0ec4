package dev.pipelinejob.e2e.numerics;

import dev.pipelinejob.operator.planning.ExecutablePlan;
import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.control.Start;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.plan.JobSpec;
import dev.pipelinejob.protocol.plan.Peer;
import dev.pipelinejob.worker.engine.torch.TorchEngine;
import dev.pipelinejob.worker.runtime.AttemptRunner;
import dev.pipelinejob.worker.runtime.OperatorLease;
import dev.pipelinejob.worker.runtime.RuntimeResources;
import dev.pipelinejob.worker.transport.TensorTransport;
import dev.pipelinejob.worker.transport.local.LocalNetwork;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// The real worker runtimes of one attempt, joined by the transport that lives in one JVM. The test plays the operator.
final class OneJvm implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private record Report(int rank, WorkerMessage message) {}

    private final List<AttemptRunner> runners = new ArrayList<>();
    private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    private final int workers;

    /// Prepares every worker and starts once all are ready.
    OneJvm(ExecutablePlan plan, JobSpec job, int attempt, int resumeStep, Path cache) throws InterruptedException {
        LocalNetwork network = new LocalNetwork();
        workers = plan.plan().getWorldSize();
        OperatorLease lease = new OperatorLease(System::nanoTime);
        lease.renew(Duration.ofHours(1));
        List<Peer> peers = new ArrayList<>();
        for (int rank = 0; rank < workers; rank++) {
            TensorTransport transport = network.transport("worker-" + rank);
            peers.add(Peer.newBuilder()
                    .setRank(rank)
                    .setAddress(transport.address())
                    .build());
            runners.add(runner(rank, transport, lease, cache));
        }
        for (int rank = 0; rank < workers; rank++) {
            runners.get(rank)
                    .prepare(Prepare.newBuilder()
                            .setAttempt(attempt)
                            .setDigest(plan.digest())
                            .setRank(rank)
                            .setJob(job)
                            .setPlan(plan.plan())
                            .setOperations(plan.operations().get(rank))
                            .addAllPeers(peers)
                            .setResumeStep(resumeStep)
                            .build());
        }
        await(workers, WorkerMessage::hasReady);
        runners.forEach(
                runner -> runner.start(Start.newBuilder().setAttempt(attempt).build()));
    }

    private AttemptRunner runner(int rank, TensorTransport transport, OperatorLease lease, Path cache) {
        RuntimeResources resources = new RuntimeResources(
                transport,
                lease,
                Clock.systemUTC(),
                cache,
                message -> reports.add(new Report(rank, message)),
                new RuntimeResources.Limits(LIMIT, LIMIT));
        return new AttemptRunner(resources, TorchEngine::new, "compute-" + rank);
    }

    /// Waits until every worker has finished its last step.
    void awaitFinished() throws InterruptedException {
        await(workers, WorkerMessage::hasFinished);
    }

    /// Waits until some worker has completed a step.
    void awaitStep(int step) throws InterruptedException {
        await(1, message -> message.hasProgress() && message.getProgress().getStep() >= step);
    }

    private void await(int wanted, Predicate<WorkerMessage> awaited) throws InterruptedException {
        int seen = 0;
        while (seen < wanted) {
            Report report = reports.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (report == null) {
                throw new AssertionError("Nothing was heard from the workers for " + LIMIT.toSeconds() + " s.");
            }
            WorkerMessage message = report.message();
            if (message.hasRefused() || message.hasCorrupt() || message.hasAttemptFailed()) {
                throw new AssertionError("Rank " + report.rank() + " said: " + message);
            }
            if (awaited.test(message)) {
                seen++;
            }
        }
    }

    /// Ends all runtimes where they are, as a crash of all would.
    @Override
    public void close() {
        runners.forEach(AttemptRunner::close);
    }
}
