package dev.pipelinejob.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.e2e.processes.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A GPT trains as three pods while something breaks: its losses and weights are bit by bit those of `run`, and
/// what was healthy stays. The first faults are part of every test run, `make cluster-faults` tries all of them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsIT {
    private static final int STEPS = 400;
    private static final int EVERY_STEPS = 20;
    /// Between two checkpoints.
    private static final int MIDWAY = 30;
    /// Longer than any patience with a silent link, and shorter than the patience with a job that stands still.
    private static final Duration STALL = Duration.ofSeconds(5);
    private static final Duration OUTAGE = Duration.ofSeconds(20);

    private Cluster cluster;
    private Operator operator;
    private Result undisturbed;

    @BeforeAll
    void install(@TempDir Path folder) throws Exception {
        cluster = Cluster.startWithImages();
        cluster.requireOwn();
        TrainingJob.writeCorpus(Cluster.volume("data"));
        operator = Operator.install(cluster, List.of("operator.replicas=2"));
        undisturbed = Undisturbed.run(TrainingJob.of("undisturbed", STEPS, EVERY_STEPS), folder);
        assertThat(undisturbed.rows()).isEqualTo(STEPS);
    }

    @AfterAll
    void stop() throws Exception {
        cluster.stop();
    }

    @AfterEach
    void repair() throws Exception {
        for (Node node : Cluster.nodes()) {
            node.join();
            node.dropNothing();
        }
    }

    @Test
    void undisturbedItEndsLikeARunOnOneMachine() throws Exception {
        ClusterJob job = submit("calm");

        job.awaitComplete();

        assertThat(Result.of(job.store())).isEqualTo(undisturbed);
        assertThat(job.restarts()).isZero();
    }

    @Test
    void anEngineThatIsKilledIsReplacedInItsPod() throws Exception {
        ClusterJob job = midway("engine");
        List<ClusterJob.Worker> before = job.workers();

        Signals.kill(PodProcesses.engine(before.get(1).uid()));
        job.awaitLosses(2, 1);

        assertThat(job.workers()).isEqualTo(before);
        assertLikeUndisturbed(job, 1);
    }

    @Test
    @OnRequest
    void aPodWhoseSupervisorIsKilledIsReplacedAndTheOthersStay() throws Exception {
        ClusterJob job = midway("supervisor");
        List<ClusterJob.Worker> before = job.workers();

        Signals.kill(PodProcesses.supervisor(before.get(1).uid()));

        job.awaitLosses(2, 1);
        assertThat(job.workers()).contains(before.get(0), before.get(2)).doesNotContain(before.get(1));
        assertLikeUndisturbed(job, 1);
    }

    @Test
    @OnRequest
    void aPodThatIsDeletedIsReplacedAndTheOthersStay() throws Exception {
        ClusterJob job = midway("deleted");
        List<ClusterJob.Worker> before = job.workers();

        cluster.kubectl().run("delete", "pod", before.get(2).pod(), "--wait=false");

        job.awaitLosses(2, 1);
        assertThat(job.workers()).contains(before.get(0), before.get(1)).doesNotContain(before.get(2));
        assertLikeUndisturbed(job, 1);
    }

    @Test
    @OnRequest
    void aPodThatIsDeletedByForceIsReplacedAndTheOthersStay() throws Exception {
        ClusterJob job = midway("forced");
        List<ClusterJob.Worker> before = job.workers();

        cluster.kubectl().run("delete", "pod", before.get(0).pod(), "--force", "--grace-period=0", "--wait=false");

        job.awaitLosses(2, 1);
        assertThat(job.workers()).contains(before.get(1), before.get(2)).doesNotContain(before.get(0));
        assertLikeUndisturbed(job, 1);
    }

    @Test
    @OnRequest
    void aNodeThatIsCutOffIsLeftBehind() throws Exception {
        ClusterJob job = midway("cut");
        Node node = new Node(job.workers().getFirst().node());

        node.cut();

        job.awaitLosses(2, 1);
        assertThat(job.workers()).noneMatch(worker -> worker.node().equals(node.name()));
        assertLikeUndisturbed(job, 1);
    }

    @Test
    @OnRequest
    void anOperatorThatIsKilledDisturbsNobody() throws Exception {
        ClusterJob job = midway("operator");

        Signals.kill(operator.leader());

        assertLikeUndisturbed(job, 0);
    }

    @Test
    @OnRequest
    void anOperatorThatIsCutOffFromTheWorkersRestartsNothing() throws Exception {
        ClusterJob job = midway("apart");

        for (Node node : Cluster.nodes()) {
            node.dropPort(Operator.CONTROL_PORT);
        }
        Thread.sleep(OUTAGE);
        repair();

        assertLikeUndisturbed(job, 0);
    }

    @Test
    @OnRequest
    void aWorkerThatStallsForSecondsRestartsNothing() throws Exception {
        ClusterJob job = midway("stall");
        long engine = PodProcesses.engine(job.workers().get(1).uid());

        Signals.send("STOP", engine);
        Thread.sleep(STALL);
        Signals.send("CONT", engine);

        assertLikeUndisturbed(job, 0);
    }

    @Test
    @OnRequest
    void anApiServerThatIsAwayDisturbsNobody() throws Exception {
        ClusterJob job = midway("outage");

        cluster.stopService("kube-apiserver");
        Thread.sleep(OUTAGE);
        cluster.startService("kube-apiserver");

        assertLikeUndisturbed(job, 0);
    }

    @Test
    @OnRequest
    void twoNodesThatAreCutOffAtOnceAreOneRestart() throws Exception {
        ClusterJob job = submit(TrainingJob.of("two", STEPS, EVERY_STEPS).askingFor("700m"));
        job.awaitLosses(1, MIDWAY);
        List<String> nodes = job.workers().stream()
                .map(ClusterJob.Worker::node)
                .distinct()
                .limit(2)
                .toList();

        for (String node : nodes) {
            new Node(node).cut();
        }
        Thread.sleep(OUTAGE);
        repair();

        job.awaitComplete();
        assertThat(Result.of(job.store())).isEqualTo(undisturbed);
    }

    @Test
    @OnRequest
    void aLinkThatIsCutInOneDirectionIsFoundAndTrainingGoesOn() throws Exception {
        ClusterJob job = submit(TrainingJob.of("oneway", STEPS, EVERY_STEPS).askingFor("1200m"));
        job.awaitLosses(1, MIDWAY);
        Node receiver = new Node(job.workers().get(1).node());

        receiver.dropFrom(new Node(job.workers().get(0).node()));
        Thread.sleep(OUTAGE);
        repair();

        job.awaitComplete();
        assertThat(Result.of(job.store())).isEqualTo(undisturbed);
    }

    @Test
    @OnRequest
    void aKubeletThatIsStoppedDisturbsNobody() throws Exception {
        ClusterJob job = midway("kubelet");
        String service = "kubelet-" + job.workers().getFirst().node();

        cluster.stopService(service);
        Thread.sleep(OUTAGE);
        cluster.startService(service);

        assertLikeUndisturbed(job, 0);
    }

    @Test
    @OnRequest
    void aNodeThatIsDrainedHandsItsWorkOverAfterACheckpoint() throws Exception {
        ClusterJob job = midway("drained");
        String node = job.workers().getFirst().node();
        int last = job.lastStep(1);

        cluster.kubectl()
                .run("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--force", "--timeout=100s");
        try {
            job.awaitComplete();
        } finally {
            cluster.kubectl().run("uncordon", node);
        }

        assertThat(Result.of(job.store())).isEqualTo(undisturbed);
        assertThat(job.status().at("/restartHistory/0/resumedStep").asInt()).isGreaterThanOrEqualTo(last);
        assertThat(job.status().at("/restartHistory/0/lostSteps").asInt()).isLessThanOrEqualTo(1);
    }

    @Test
    @OnRequest
    void aWorkerThatHangsIsFoundByItsName() throws Exception {
        String deadline = "{progressDeadlineSeconds: 10, maxRestarts: 5, backoff: {initialSeconds: 0, maxSeconds: 0}}";
        ClusterJob job = submit(TrainingJob.of("hung", STEPS, EVERY_STEPS).withFailurePolicy(deadline));
        job.awaitLosses(1, MIDWAY);
        ClusterJob.Worker victim = job.workers().get(1);

        Signals.send("STOP", PodProcesses.engine(victim.uid()));

        assertLikeUndisturbed(job, 1);
        assertThat(job.status().at("/restartHistory/0/slot").asInt()).isEqualTo(victim.slot());
    }

    private void assertLikeUndisturbed(ClusterJob job, int restarts) throws Exception {
        job.awaitComplete();
        assertThat(Result.of(job.store())).isEqualTo(undisturbed);
        assertThat(job.restarts()).as(job.describe()).isEqualTo(restarts);
    }

    private ClusterJob midway(String name) throws Exception {
        ClusterJob job = submit(name);
        job.awaitLosses(1, MIDWAY);
        return job;
    }

    private ClusterJob submit(String name) throws Exception {
        return submit(TrainingJob.of(name, STEPS, EVERY_STEPS));
    }

    private ClusterJob submit(TrainingJob job) throws Exception {
        return ClusterJob.submit(cluster, job);
    }
}
