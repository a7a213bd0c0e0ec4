package dev.pipelinejob.e2e.cluster;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Measures on the real cluster how long the demo's job stands still after each kind of failure, to the next completed
/// step and to the step that was lost, and prints median and spread. Beside them stand JobSet's, which were measured on
/// such a cluster and count only until all pods are Ready. `scripts/cluster-figures.sh` starts it.
public final class Figures {
    /// Loses half of what is between two checkpoints.
    private static final int ROWS_BEFORE_A_FAULT = DemoJob.EVERY_STEPS + DemoJob.EVERY_STEPS / 2;
    /// The last of so many must be as cheap as the first.
    private static final int KILLS = 10;

    private static final int LINGER_SECONDS = 60;
    private static final Duration SPARE_LIMIT = Duration.ofMinutes(2);
    private static final String NOT_MEASURED = "not measured";

    private final Cluster cluster;
    private final Operator operator;
    private final int rounds;
    private final List<Stopwatch> watches = new ArrayList<>();

    private Figures(Cluster cluster, Operator operator, int rounds) {
        this.cluster = cluster;
        this.operator = operator;
        this.rounds = rounds;
    }

    /// What breaks something.
    @FunctionalInterface
    private interface Fault {
        void happen(ClusterJob job, ClusterJob.Worker victim) throws Exception;
    }

    /// Measures one event.
    @FunctionalInterface
    private interface Measurement {
        void measure() throws Exception;
    }

    /// Arguments: rounds of each kind, then the kinds; none means all.
    public static void main(String[] arguments) throws Exception {
        Cluster cluster = Cluster.start();
        try {
            DemoJob.writeCorpus(Cluster.volume("data"));
            Operator operator = Operator.install(cluster, List.of("operator.replicas=2"));
            List<String> kinds = Arrays.asList(arguments).subList(1, arguments.length);
            new Figures(cluster, operator, Integer.parseInt(arguments[0])).measure(kinds);
        } finally {
            cluster.stop();
        }
    }

    private void measure(List<String> kinds) throws Exception {
        Map<String, Measurement> all = new LinkedHashMap<>();
        all.put("start", this::start);
        all.put("engine", this::engines);
        all.put("pod", this::pods);
        all.put("forced", this::forcedPods);
        all.put("lingering", this::lingeringPods);
        all.put("operator", this::operators);
        all.put("node", this::nodes);
        all.put("spare", this::spares);
        all.put("sparenode", this::spareNodes);
        try {
            for (String kind : kinds.isEmpty() ? List.copyOf(all.keySet()) : kinds) {
                all.getOrDefault(
                                kind, () -> System.out.println("There is nothing to measure by the name " + kind + "."))
                        .measure();
            }
        } finally {
            System.out.println(Stopwatch.heading());
            watches.forEach(watch -> System.out.println(watch.row()));
            watches.forEach(watch -> System.out.println(watch.inOrder()));
        }
    }

    private Stopwatch watch(String event, String goal, String peer) {
        Stopwatch watch = new Stopwatch(event, goal, peer);
        watches.add(watch);
        return watch;
    }

    private void start() throws Exception {
        Stopwatch watch = watch("`kubectl apply` → first step", "≤ 5 s", "0.67 for 4 pods");
        for (int round = 0; round < rounds; round++) {
            Instant begin = Instant.now();
            ClusterJob job = submit("start-" + round, 0);
            watch.await(job, new Stopwatch.Event(begin, 0, 0, List.of()));
            job.delete();
        }
    }

    /// Again and again in one job.
    private void engines() throws Exception {
        Stopwatch watch = watch("engine killed", "≤ 2 s", "4.1 to 7.3; in place 1.5 to 2.1, the second time 28");
        disturb(watch, submit("engines", 0), KILLS, (_, victim) -> Signals.kill(PodProcesses.engine(victim.uid())));
    }

    private void pods() throws Exception {
        Stopwatch watch = watch("pod deleted, with its last checkpoint", "≤ 3 s", "4.9 to 5.1");
        disturb(watch, submit("pods", 0), rounds, (_, victim) -> delete(victim));
    }

    private void forcedPods() throws Exception {
        Stopwatch watch = watch("pod deleted by force", "≤ 3 s", "4.9 to 5.1");
        disturb(watch, submit("forced", 0), rounds, (_, victim) -> delete(victim, "--force", "--grace-period=0"));
    }

    private void lingeringPods() throws Exception {
        Stopwatch watch = watch("pod deleted where all ignore SIGTERM for 60 s", "≤ 3 s", "66.8");
        disturb(watch, submit("lingering", LINGER_SECONDS), rounds, (_, victim) -> delete(victim));
    }

    private void operators() throws Exception {
        Stopwatch watch = watch("engine and operator killed", "≤ 8 s", NOT_MEASURED);
        disturb(watch, submit("operators", 0), rounds, (_, victim) -> {
            Signals.kill(PodProcesses.engine(victim.uid()));
            operator.killLeader();
        });
        Stopwatch pods = watch("pod deleted by force and operator killed", "≤ 9 s", NOT_MEASURED);
        disturb(pods, submit("operators-pods", 0), rounds, (_, victim) -> {
            delete(victim, "--force", "--grace-period=0");
            operator.killLeader();
        });
    }

    /// Nodes without the leader, whose loss is another event.
    private void nodes() throws Exception {
        Stopwatch watch = watch("node cut off", "≤ 15 s", "not within 600");
        ClusterJob job = submit("nodes", 0);
        for (int round = 0; round < rounds; round++) {
            job.awaitLosses(Math.max(1, job.attempt()), 1);
            Node node = lonely(job, operator.leadingNode());
            disturb(watch, job, job.workers().getFirst(), (_, _) -> node.cut());
            node.join();
            cluster.awaitReady(node);
        }
        job.delete();
    }

    private void spares() throws Exception {
        Stopwatch watch = watch("pod deleted by force, with a warm spare", "≤ 3 s", NOT_MEASURED);
        ClusterJob job = submit(new DemoJob("spares", 0, 1));
        for (int round = 0; round < rounds; round++) {
            awaitSpare(job);
            List<ClusterJob.Worker> ranks = job.ranks(job.attempt());
            disturb(
                    watch,
                    job,
                    ranks.get(round % ranks.size()),
                    (_, victim) -> delete(victim, "--force", "--grace-period=0"));
        }
        job.delete();
    }

    /// Nodes with one rank, which one spare makes up for. A job for each: the next spare may stand beside a rank.
    private void spareNodes() throws Exception {
        Stopwatch watch = watch("node cut off, with a warm spare", "≤ 13 s", "not within 600");
        for (int round = 0; round < rounds; round++) {
            ClusterJob job = submit(new DemoJob("spare-nodes-" + round, 0, 1));
            awaitSpare(job);
            Node node = single(job);
            disturb(watch, job, job.workers().getFirst(), (_, _) -> node.cut());
            node.join();
            cluster.awaitReady(node);
            job.delete();
        }
    }

    private static void awaitSpare(ClusterJob job) throws Exception {
        job.awaitLosses(Math.max(1, job.attempt()), 1);
        Await.until(
                "a spare of the job is ready",
                SPARE_LIMIT,
                () -> job.status().path("spares").asText().equals("1/1"));
    }

    /// A node with one rank that the leader is not on; for that the leader may have to go.
    private Node single(ClusterJob job) throws Exception {
        Map<String, Long> ranks = job.ranks(job.attempt()).stream()
                .collect(Collectors.groupingBy(ClusterJob.Worker::node, Collectors.counting()));
        List<String> single = ranks.entrySet().stream()
                .filter(node -> node.getValue() == 1)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (single.isEmpty()) {
            throw new AssertionError("No node has one rank: " + ranks);
        }
        if (single.equals(List.of(operator.leadingNode()))) {
            changeLeader(job);
        }
        String leading = operator.leadingNode();
        return new Node(single.stream()
                .filter(node -> !node.equals(leading))
                .findFirst()
                .orElseThrow());
    }

    /// Waits until the next leader has heard of progress.
    private void changeLeader(ClusterJob job) throws Exception {
        String before = operator.holder();
        operator.killLeader();
        operator.awaitAnotherLeaderThan(before, SPARE_LIMIT);
        int step = job.status().at("/progress/step").asInt();
        int _ = Await.until(
                "the next leader tells of progress",
                SPARE_LIMIT,
                () -> job.status().at("/progress/step").asInt(),
                now -> now > step + DemoJob.EVERY_STEPS);
    }

    /// The node with the fewest workers, but not that one.
    private static Node lonely(ClusterJob job, String spared) throws Exception {
        Map<String, Long> workers = job.workers().stream()
                .map(ClusterJob.Worker::node)
                .filter(node -> !node.equals(spared))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return workers.entrySet().stream()
                .min(Map.Entry.<String, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
                .map(entry -> new Node(entry.getKey()))
                .orElseThrow(() -> new AssertionError("All workers are on the leader's node " + spared + "."));
    }

    private void disturb(Stopwatch watch, ClusterJob job, int times, Fault fault) throws Exception {
        for (int round = 0; round < times; round++) {
            job.awaitLosses(Math.max(1, job.attempt()), ROWS_BEFORE_A_FAULT);
            List<ClusterJob.Worker> workers = job.workers();
            disturb(watch, job, workers.get(round % workers.size()), fault);
        }
        job.delete();
    }

    private static void disturb(Stopwatch watch, ClusterJob job, ClusterJob.Worker victim, Fault fault)
            throws Exception {
        int attempt = Math.max(1, job.attempt());
        job.awaitLosses(attempt, ROWS_BEFORE_A_FAULT);
        List<ClusterJob.Worker> before = job.workers();
        Instant begin = Instant.now();
        fault.happen(job, victim);
        watch.await(job, new Stopwatch.Event(begin, attempt, job.lastStep(attempt), before));
    }

    private void delete(ClusterJob.Worker victim, String... options) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("delete", "pod", victim.pod(), "--wait=false"));
        line.addAll(List.of(options));
        cluster.kubectl().run(line.toArray(String[]::new));
    }

    private ClusterJob submit(String name, int lingerSeconds) throws IOException, InterruptedException {
        return submit(new DemoJob(name, lingerSeconds, 0));
    }

    private ClusterJob submit(DemoJob job) throws IOException, InterruptedException {
        return ClusterJob.submit(cluster, job.name(), job.yaml());
    }
}
