package dev.pipelinejob.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.e2e.processes.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The own cluster with two operators on it, and what one job leaves when nothing breaks: where faults are tried.
final class Arena {
    private static final int STEPS = 400;
    private static final int EVERY_STEPS = 20;
    /// Between two checkpoints.
    private static final int MIDWAY = 30;

    private final Cluster cluster;
    private final Operator operator;
    private final Result undisturbed;

    private Arena(Cluster cluster, Operator operator, Result undisturbed) {
        this.cluster = cluster;
        this.operator = operator;
        this.undisturbed = undisturbed;
    }

    /// @param folder takes the run without a cluster
    static Arena open(Path folder) throws Exception {
        Cluster cluster = Cluster.startWithImages();
        cluster.requireOwn();
        TrainingJob.writeCorpus(Cluster.volume("data"));
        Operator operator = Operator.install(cluster, List.of("operator.replicas=2"));
        Result undisturbed = Undisturbed.run(job("undisturbed"), folder);
        assertThat(undisturbed.rows()).isEqualTo(STEPS);
        return new Arena(cluster, operator, undisturbed);
    }

    /// The job that all of them are; the name makes it another one.
    static TrainingJob job(String name) {
        return TrainingJob.of(name, STEPS, EVERY_STEPS);
    }

    Cluster cluster() {
        return cluster;
    }

    Operator operator() {
        return operator;
    }

    ClusterJob submit(TrainingJob job) throws IOException, InterruptedException {
        return ClusterJob.submit(cluster, job);
    }

    /// A job that has trained for a while and lies between two checkpoints.
    ClusterJob midway(TrainingJob job) throws Exception {
        ClusterJob submitted = submit(job);
        submitted.awaitLosses(1, MIDWAY);
        return submitted;
    }

    ClusterJob midway(String name) throws Exception {
        return midway(job(name));
    }

    /// The job ends in good order with the same bytes, and its history tells these restarts, oldest first.
    void assertLikeUndisturbed(ClusterJob job, String... reasons) throws Exception {
        job.awaitComplete();
        assertThat(Result.of(job.store())).isEqualTo(undisturbed);
        assertThat(job.reasons()).as(job.describe()).containsExactly(reasons);
        assertThat(job.restarts()).isEqualTo(reasons.length);
    }

    /// All nodes and links are whole again.
    void repair() throws Exception {
        for (Node node : Cluster.nodes()) {
            node.join();
            node.dropNothing();
        }
    }

    /// Ready for the next fault, whatever became of the last one.
    void clear() throws Exception {
        repair();
        for (Node node : Cluster.nodes()) {
            cluster.awaitReady(node);
        }
        cluster.kubectl().run("delete", "pipelinejobs", "--all", "-n", Cluster.NAMESPACE, "--wait=false");
    }

    void close() throws IOException, InterruptedException {
        cluster.stop();
    }
}
