package dev.pipelinejob.e2e.cluster;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Measures on the real cluster how long training stands still after each kind of failure, to the next completed step
/// and to the step that was lost, and prints median and spread. Beside them stand JobSet's, which were measured on such
/// a cluster and count only until all pods are Ready. `scripts/cluster-figures.sh` starts it.
public final class Figures {
    private static final int EVERY_STEPS = 20;
    private static final int STEPS = 4000;
    /// Loses half of what is between two checkpoints.
    private static final int ROWS_BEFORE_A_FAULT = EVERY_STEPS + EVERY_STEPS / 2;

    private final Cluster cluster;
    private final Operator operator;
    private final int rounds;
    private final List<String> rows = new ArrayList<>();

    private Figures(Cluster cluster, Operator operator, int rounds) {
        this.cluster = cluster;
        this.operator = operator;
        this.rounds = rounds;
    }

    /// Argument: rounds of each kind.
    public static void main(String[] arguments) throws Exception {
        Cluster cluster = Cluster.start();
        try {
            TrainingJob.writeCorpus(Cluster.volume("data"));
            Operator operator = Operator.install(cluster, List.of("operator.replicas=2"));
            new Figures(cluster, operator, Integer.parseInt(arguments[0])).measure();
        } finally {
            cluster.stop();
        }
    }

    private void measure() throws Exception {
        start();
        engines();
        pods();
        operators();
        nodes();
        System.out.println(Stopwatch.heading());
        rows.forEach(System.out::println);
    }

    private void start() throws Exception {
        Stopwatch watch = new Stopwatch("kubectl apply -> first step", "0.67 for 4 pods, 1.35 for 8");
        for (int round = 0; round < rounds; round++) {
            Instant begin = Instant.now();
            ClusterJob job = submit("start-" + round);
            watch.nextStep(begin, job, 0, 0);
            job.delete();
        }
        rows.add(watch.row());
    }

    /// Again and again in one job: the last kill must be as cheap as the first.
    private void engines() throws Exception {
        Stopwatch watch =
                new Stopwatch("engine process killed", "4.1 to 7.3; in place (alpha) 1.5 to 2.1, the second time 28");
        ClusterJob job = submit("engines");
        for (int round = 0; round < 2 * rounds; round++) {
            int slot = round % TrainingJob.WORKERS;
            disturb(
                    watch,
                    job,
                    () -> Signals.kill(
                            PodProcesses.engine(job.workers().get(slot).uid())));
        }
        job.delete();
        rows.add(watch.row());
    }

    private void pods() throws Exception {
        Stopwatch watch = new Stopwatch("pod deleted", "4.9 to 5.1");
        ClusterJob job = submit("pods");
        for (int round = 0; round < rounds; round++) {
            int slot = round % TrainingJob.WORKERS;
            disturb(watch, job, () -> cluster.kubectl()
                    .run("delete", "pod", job.workers().get(slot).pod(), "--wait=false", "--grace-period=0"));
        }
        job.delete();
        rows.add(watch.row());
    }

    private void operators() throws Exception {
        Stopwatch watch = new Stopwatch("engine and operator killed", "not measured");
        ClusterJob job = submit("operators");
        for (int round = 0; round < rounds; round++) {
            int slot = round % TrainingJob.WORKERS;
            disturb(watch, job, () -> {
                long leader = operator.leader();
                Signals.kill(PodProcesses.engine(job.workers().get(slot).uid()));
                Signals.kill(leader);
            });
        }
        job.delete();
        rows.add(watch.row());
    }

    private void nodes() throws Exception {
        Stopwatch watch = new Stopwatch("node cut off", "not within 600");
        ClusterJob job = submit("nodes");
        for (int round = 0; round < rounds; round++) {
            job.awaitLosses(job.attempt(), 1);
            Node node = new Node(job.workers().getLast().node());
            disturb(watch, job, node::cut);
            node.join();
            cluster.awaitReady(node);
        }
        job.delete();
        rows.add(watch.row());
    }

    /// What breaks something.
    @FunctionalInterface
    private interface Fault {
        void happen() throws Exception;
    }

    private static void disturb(Stopwatch watch, ClusterJob job, Fault fault) throws Exception {
        int attempt = Math.max(1, job.attempt());
        job.awaitLosses(attempt, ROWS_BEFORE_A_FAULT);
        Instant begin = Instant.now();
        fault.happen();
        int lost = job.lastStep(attempt);
        watch.nextStep(begin, job, attempt, lost);
    }

    private ClusterJob submit(String name) throws IOException, InterruptedException {
        return ClusterJob.submit(cluster, TrainingJob.of(name, STEPS, EVERY_STEPS));
    }
}
