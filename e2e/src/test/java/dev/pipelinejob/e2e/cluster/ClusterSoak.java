package dev.pipelinejob.e2e.cluster;

import dev.pipelinejob.e2e.processes.Result;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// Trains a job on the real cluster under random faults from a seed, compares it byte by byte with `run`, and
/// prints what the faults cost. `scripts/cluster-soak.sh` starts it.
public final class ClusterSoak {
    private static final int EVERY_STEPS = 20;
    /// More than a fault can pass over, so that all of them find the job at work.
    private static final int STEPS_A_FAULT = 60;

    private static final int MOST_STEPS_BETWEEN_FAULTS = 30;
    private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(3);
    private static final Duration SHORT_OUTAGE = Duration.ofSeconds(3);
    private static final double NANOS_A_SECOND = 1e9;

    private final Cluster cluster;
    private final Operator operator;
    private final Random random;
    private final Map<Fault, Integer> happened = new EnumMap<>(Fault.class);
    private final List<Double> recoveries = new ArrayList<>();

    private enum Fault {
        ENGINE_KILLED,
        ENGINE_OUT_OF_MEMORY,
        SUPERVISOR_KILLED,
        POD_DELETED,
        POD_DELETED_BY_FORCE,
        NODE_CUT,
        OPERATOR_KILLED,
        OPERATOR_AND_ENGINE_KILLED,
        API_SERVER_AWAY,
        ENGINE_STALLED;

        boolean restarts() {
            return this != OPERATOR_KILLED && this != API_SERVER_AWAY && this != ENGINE_STALLED;
        }
    }

    private ClusterSoak(Cluster cluster, Operator operator, Random random) {
        this.cluster = cluster;
        this.operator = operator;
        this.random = random;
    }

    /// Arguments: the number of faults, the seed.
    public static void main(String[] arguments) throws Exception {
        int faults = Integer.parseInt(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        System.out.printf(Locale.ROOT, "%d faults from seed %d%n", faults, seed);
        TrainingJob job = TrainingJob.of("soak", faults * STEPS_A_FAULT, EVERY_STEPS);
        Result undisturbed = Undisturbed.run(job, Files.createTempDirectory("soak"));
        Cluster cluster = Cluster.start();
        boolean equal;
        try {
            TrainingJob.writeCorpus(Cluster.volume("data"));
            Operator operator = Operator.install(cluster, List.of("operator.replicas=2"));
            equal = new ClusterSoak(cluster, operator, new Random(seed)).equalsUndisturbed(job, faults, undisturbed);
        } finally {
            cluster.stop();
        }
        System.exit(equal ? 0 : 1);
    }

    private boolean equalsUndisturbed(TrainingJob text, int faults, Result undisturbed) throws Exception {
        ClusterJob job = ClusterJob.submit(cluster, text);
        job.awaitLosses(1, 1);
        long begin = System.nanoTime();
        for (int fault = 0; fault < faults; fault++) {
            int attempt = job.attempt();
            job.awaitLosses(attempt, 1 + random.nextInt(MOST_STEPS_BETWEEN_FAULTS));
            disturb(job, attempt);
        }
        job.awaitComplete();
        double seconds = (System.nanoTime() - begin) / NANOS_A_SECOND;
        boolean equal = Result.of(job.store()).equals(undisturbed);
        tell(job, text, seconds, equal);
        return equal;
    }

    private void disturb(ClusterJob job, int attempt) throws Exception {
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        happened.merge(fault, 1, Integer::sum);
        List<ClusterJob.Worker> workers = job.workers();
        ClusterJob.Worker victim = workers.get(random.nextInt(workers.size()));
        System.out.printf(
                Locale.ROOT, "step %d: %s, %s on %s%n", job.lastStep(attempt), fault, victim.pod(), victim.node());
        long begin = System.nanoTime();
        switch (fault) {
            case ENGINE_KILLED -> Signals.kill(PodProcesses.engine(victim.uid()));
            case ENGINE_OUT_OF_MEMORY ->
                cluster.run("out-of-memory.sh", Long.toString(PodProcesses.engine(victim.uid())));
            case SUPERVISOR_KILLED -> Signals.kill(PodProcesses.supervisor(victim.uid()));
            case POD_DELETED -> cluster.kubectl().run("delete", "pod", victim.pod(), "--wait=false");
            case POD_DELETED_BY_FORCE ->
                cluster.kubectl().run("delete", "pod", victim.pod(), "--wait=false", "--force", "--grace-period=0");
            case NODE_CUT -> new Node(victim.node()).cut();
            case OPERATOR_KILLED -> operator.killLeader();
            case OPERATOR_AND_ENGINE_KILLED -> {
                Signals.kill(PodProcesses.engine(victim.uid()));
                operator.killLeader();
            }
            case API_SERVER_AWAY -> {
                cluster.stopService("kube-apiserver");
                Thread.sleep(SHORT_OUTAGE);
                cluster.startService("kube-apiserver");
            }
            case ENGINE_STALLED -> {
                long engine = PodProcesses.engine(victim.uid());
                Signals.send("STOP", engine);
                Thread.sleep(SHORT_OUTAGE);
                Signals.send("CONT", engine);
            }
        }
        if (fault.restarts()) {
            // One that claims its attempt while the fault spreads may never record a step; and a job that is cut
            // off with all its workers trains on by itself, to its end.
            Await.until(
                    "an attempt after " + attempt + " trains",
                    RECOVERY_LIMIT,
                    () -> (job.attempt() > attempt && job.losses(job.attempt()) > 0) || job.isComplete());
            recoveries.add((System.nanoTime() - begin) / NANOS_A_SECOND);
            System.out.printf(Locale.ROOT, "  attempt %d trains after %.2f s%n", job.attempt(), recoveries.getLast());
        }
        if (fault == Fault.NODE_CUT) {
            Node node = new Node(victim.node());
            node.join();
            cluster.awaitReady(node);
        }
    }

    private void tell(ClusterJob job, TrainingJob text, double seconds, boolean equal) throws Exception {
        int trained = 0;
        for (int attempt = 1; attempt <= job.attempt(); attempt++) {
            trained += job.losses(attempt);
        }
        List<Double> sorted = recoveries.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                """
                faults                 %s
                losses and weights     %s
                steps trained twice    %d of %d
                fault -> next step     median %.2f s, maximum %.2f s (of those that restart)
                restarts               %d
                wall time              %.1f s
                goodput                %s %% by the job's status
                """,
                happened,
                equal ? "equal to the undisturbed run, byte by byte" : "DIFFERENT",
                trained - text.steps(),
                text.steps(),
                sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2),
                sorted.isEmpty() ? 0 : sorted.getLast(),
                job.restarts(),
                seconds,
                job.status().at("/progress/goodputPercent").asText());
    }
}
