package dev.pipelinejob.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A GPT trains as three pods while something breaks: its losses and weights are bit by bit those of
/// `run`, its history says what broke, and what was healthy stays. The first faults are part of every
/// test run, `make cluster-faults` tries all of them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsIT {
    /// Longer than any patience with a silent link, and shorter than the patience with a job that stands still.
    private static final Duration STALL = Duration.ofSeconds(5);
    private static final Duration OUTAGE = Duration.ofSeconds(20);
    /// After the second checkpoint, so that there is one before it.
    private static final int AFTER_TWO = 50;
    private static final Duration LEASE_LIMIT = Duration.ofSeconds(30);
    /// Half of what a pod may take for a last checkpoint when it is deleted by itself.
    private static final Duration HALF_THE_GRACE = Duration.ofSeconds(30);

    private Arena arena;
    private Cluster cluster;

    /// What somebody does to one worker.
    @FunctionalInterface
    private interface Deed {
        void against(ClusterJob.Worker victim) throws Exception;
    }

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        arena = Arena.open(folder);
        cluster = arena.cluster();
    }

    @AfterAll
    void close() throws Exception {
        if (arena != null) {
            arena.close();
        }
    }

    @AfterEach
    void clear() throws Exception {
        arena.clear();
    }

    @Test
    void undisturbedItEndsLikeARunOnOneMachine() throws Exception {
        arena.assertLikeUndisturbed(arena.submit(Arena.job("calm")));
    }

    @Test
    void anEngineThatIsKilledIsReplacedInItsPod() throws Exception {
        onlyItsEngineIsReplaced("engine", "EngineExited", victim -> Signals.kill(PodProcesses.engine(victim.uid())));
    }

    @Test
    @OnRequest
    void anEngineThatRunsOutOfMemoryIsReplacedInItsPodAndTheHistorySaysWhy() throws Exception {
        onlyItsEngineIsReplaced("memory", "OutOfMemory", victim -> {
            long engine = PodProcesses.engine(victim.uid());
            cluster.run("out-of-memory.sh", Long.toString(engine));
        });
    }

    @Test
    @OnRequest
    void aPodWhoseSupervisorIsKilledIsReplacedAndTheOthersStay() throws Exception {
        onlyItsPodIsReplaced(
                "supervisor", "WorkerExited", victim -> Signals.kill(PodProcesses.supervisor(victim.uid())));
    }

    @Test
    @OnRequest
    void aPodThatIsDeletedIsReplacedAndTheOthersStay() throws Exception {
        onlyItsPodIsReplaced("deleted", "WorkerEvicted", victim -> delete(victim));
    }

    @Test
    @OnRequest
    void aPodThatIsDeletedByForceIsReplacedAndTheOthersStay() throws Exception {
        onlyItsPodIsReplaced("forced", "WorkerEvicted", victim -> delete(victim, "--force", "--grace-period=0"));
    }

    @Test
    @OnRequest
    void anEngineThatHangsIsFoundByItsName() throws Exception {
        String deadline = "{progressDeadlineSeconds: 10, maxRestarts: 5, backoff: {initialSeconds: 0, maxSeconds: 0}}";
        ClusterJob job = arena.midway(Arena.job("hung").withFailurePolicy(deadline));
        ClusterJob.Worker victim = job.workers().get(1);

        Signals.send("STOP", PodProcesses.engine(victim.uid()));

        arena.assertLikeUndisturbed(job, "ProgressStalled");
        assertThat(job.status().at("/restartHistory/0/slot").asInt()).isEqualTo(victim.slot());
    }

    @Test
    @OnRequest
    void anEngineThatStallsForSecondsRestartsNothing() throws Exception {
        ClusterJob job = arena.midway("stall");
        long engine = PodProcesses.engine(job.workers().get(1).uid());

        Signals.send("STOP", engine);
        Thread.sleep(STALL);
        Signals.send("CONT", engine);

        arena.assertLikeUndisturbed(job);
    }

    @Test
    @OnRequest
    void aDamagedCheckpointIsPassedOverForTheOneBefore() throws Exception {
        ClusterJob job = arena.midway("damaged");
        job.awaitLosses(1, AFTER_TWO);
        long engine = PodProcesses.engine(job.workers().get(1).uid());

        Signals.send("STOP", engine);
        damage(job.partOfNewestCheckpoint());
        Signals.kill(engine);

        arena.assertLikeUndisturbed(job, "EngineExited", "CheckpointCorrupt");
    }

    @Test
    @OnRequest
    void aNodeThatIsCutOffIsLeftBehind() throws Exception {
        ClusterJob job = arena.midway("cut");
        Node node = new Node(job.workers().getFirst().node());

        node.cut();

        job.awaitLosses(2, 1);
        assertThat(job.workers()).noneMatch(worker -> worker.node().equals(node.name()));
        arena.assertLikeUndisturbed(job, "NodeLost");
    }

    @Test
    @OnRequest
    void twoNodesThatAreCutOffAtOnceAreOneRestart() throws Exception {
        ClusterJob job = arena.midway(Arena.job("two").askingFor("700m"));
        List<String> nodes = job.workers().stream()
                .map(ClusterJob.Worker::node)
                .distinct()
                .limit(2)
                .toList();

        for (String node : nodes) {
            new Node(node).cut();
        }
        Thread.sleep(OUTAGE);
        arena.repair();

        arena.assertLikeUndisturbed(job, "NodeLost");
    }

    @Test
    @OnRequest
    void aLinkThatIsCutInOneDirectionIsFoundAndTrainingGoesOn() throws Exception {
        ClusterJob job = arena.midway(Arena.job("oneway").askingFor("1200m"));
        Node sender = new Node(job.workers().get(0).node());
        Node receiver = new Node(job.workers().get(1).node());
        String leading = arena.operator().leadingNode();

        receiver.dropFrom(sender);
        Thread.sleep(OUTAGE);
        arena.repair();

        // The leader at one end of the link hears nothing from the other end either.
        boolean hearsBoth = !leading.equals(sender.name()) && !leading.equals(receiver.name());
        arena.assertLikeUndisturbed(job, hearsBoth ? "EdgeLost" : "NodeLost");
    }

    @Test
    @OnRequest
    void aKubeletThatIsStoppedDisturbsNobody() throws Exception {
        ClusterJob job = arena.midway("kubelet");

        stopForAWhile("kubelet-" + job.workers().getFirst().node());

        arena.assertLikeUndisturbed(job);
    }

    @Test
    @OnRequest
    void aNodeThatIsDrainedHandsItsWorkOverAfterACheckpoint() throws Exception {
        ClusterJob job = arena.midway("drained");
        String node = job.workers().getFirst().node();
        int last = job.lastStep(1);

        cluster.kubectl()
                .run("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--force", "--timeout=100s");
        try {
            arena.assertLikeUndisturbed(job, "WorkerEvicted");
        } finally {
            cluster.kubectl().run("uncordon", node);
        }

        assertThat(job.status().at("/restartHistory/0/resumedStep").asInt()).isGreaterThanOrEqualTo(last);
        assertThat(job.status().at("/restartHistory/0/lostSteps").asInt()).isLessThanOrEqualTo(1);
    }

    @Test
    @OnRequest
    void aJobThatIsDeletedTakesItsPodsAlongWithoutWaitingForACheckpoint() throws Exception {
        ClusterJob job = arena.midway("unwanted");

        job.delete(HALF_THE_GRACE);

        assertThat(job.workers()).isEmpty();
    }

    @Test
    @OnRequest
    void anOperatorThatIsKilledDisturbsNobodyAndTheOtherOneTakesOver() throws Exception {
        ClusterJob job = arena.midway("operator");
        List<ClusterJob.Worker> before = job.workers();
        String holder = arena.operator().holder();

        arena.operator().killLeader();
        arena.operator().awaitAnotherLeaderThan(holder, LEASE_LIMIT);
        assertThat(job.workers()).isEqualTo(before);

        arena.assertLikeUndisturbed(job);
    }

    @Test
    @OnRequest
    void anEngineThatIsKilledTogetherWithTheOperatorIsReplacedByTheNextLeader() throws Exception {
        ClusterJob job = arena.midway("both");

        Signals.kill(PodProcesses.engine(job.workers().get(1).uid()));
        arena.operator().killLeader();

        arena.assertLikeUndisturbed(job, "EngineExited");
    }

    @Test
    @OnRequest
    void anOldLeaderThatWakesUpChangesNothing() throws Exception {
        ClusterJob job = arena.midway("asleep");
        String holder = arena.operator().holder();
        long sleeper = arena.operator().leader();

        Signals.send("STOP", sleeper);
        arena.operator().awaitAnotherLeaderThan(holder, LEASE_LIMIT);
        String next = arena.operator().holder();
        Signals.kill(PodProcesses.engine(job.workers().get(1).uid()));
        job.awaitLosses(2, 1);
        Signals.send("CONT", sleeper);

        Await.until("the old leader ends", LEASE_LIMIT, () -> !PodProcesses.isAlive(sleeper));
        arena.assertLikeUndisturbed(job, "EngineExited");
        assertThat(arena.operator().holder()).isEqualTo(next);
    }

    @Test
    @OnRequest
    void anOperatorThatIsCutOffFromTheWorkersRestartsNothing() throws Exception {
        ClusterJob job = arena.midway("apart");

        for (Node node : Cluster.nodes()) {
            node.dropPort(Operator.CONTROL_PORT);
        }
        Thread.sleep(OUTAGE);
        arena.repair();

        arena.assertLikeUndisturbed(job);
    }

    @Test
    @OnRequest
    void anApiServerThatIsAwayDisturbsNobody() throws Exception {
        ClusterJob job = arena.midway("outage");

        stopForAWhile("kube-apiserver");

        arena.assertLikeUndisturbed(job);
    }

    @Test
    @OnRequest
    void anEtcdThatIsRestartedDisturbsNobody() throws Exception {
        ClusterJob job = arena.midway("etcd");

        cluster.stopService("etcd");
        Thread.sleep(STALL);
        cluster.startService("etcd");

        arena.assertLikeUndisturbed(job);
    }

    private void onlyItsEngineIsReplaced(String name, String reason, Deed deed) throws Exception {
        ClusterJob job = arena.midway(name);
        List<ClusterJob.Worker> before = job.workers();

        deed.against(before.get(1));

        job.awaitLosses(2, 1);
        assertThat(job.workers()).isEqualTo(before);
        arena.assertLikeUndisturbed(job, reason);
    }

    private void onlyItsPodIsReplaced(String name, String reason, Deed deed) throws Exception {
        ClusterJob job = arena.midway(name);
        List<ClusterJob.Worker> before = job.workers();

        deed.against(before.get(1));

        job.awaitLosses(2, 1);
        assertThat(job.workers()).contains(before.get(0), before.get(2)).doesNotContain(before.get(1));
        arena.assertLikeUndisturbed(job, reason);
    }

    private void delete(ClusterJob.Worker victim, String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of("delete", "pod", victim.pod(), "--wait=false"));
        line.addAll(List.of(options));
        cluster.kubectl().run(line.toArray(String[]::new));
    }

    private void stopForAWhile(String service) throws Exception {
        cluster.stopService(service);
        Thread.sleep(OUTAGE);
        cluster.startService(service);
    }

    /// One bit of the last tensor is another one.
    private static void damage(Path part) throws IOException {
        byte[] bytes = Files.readAllBytes(part);
        bytes[bytes.length - 1] ^= 1;
        Files.write(part, bytes);
    }
}
