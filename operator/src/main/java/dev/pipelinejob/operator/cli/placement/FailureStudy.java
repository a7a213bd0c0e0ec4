package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.Partitioner;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.failure.Replan;
import dev.pipelinejob.placement.partition.failure.Replanner;
import dev.pipelinejob.placement.partition.verify.Verifier;
import dev.pipelinejob.placement.workload.Devices;
import dev.pipelinejob.placement.workload.Format;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.ReadOptions;
import dev.pipelinejob.placement.workload.Workload;
import dev.pipelinejob.placement.workload.WorkloadBuilder;
import dev.pipelinejob.placement.workload.WorkloadReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/// The loss of each of 64 hosts with 8 of 512 devices, with spare devices and without: how long the new split
/// takes, how good it is, and how many bytes move, against a long search among other orders.
final class FailureStudy implements Study {
    private static final int DEVICES = 512;
    private static final int HOST = 8;
    private static final int[] SPARES = {0, 4, 8, 16};
    private static final double SLACK = 0.05;
    private static final int OTHER_ORDERS = 24;
    private static final int HOSTS_SEARCHED_LONG = 8;
    private static final double PLAN_SECONDS = 20;
    private static final double PATIENCE_SECONDS = 3_600;
    private static final double NANOS_PER_MILLI = 1e6;

    private boolean allHold = true;

    @Override
    public boolean run(Bench bench) throws IOException {
        bench.out()
                .printf(
                        Locale.ROOT,
                        "%-26s %6s %7s %11s %11s %11s %11s %13s %13s %13s %9s%n",
                        "input",
                        "units",
                        "spares",
                        "median ms",
                        "largest ms",
                        "CPU ms",
                        "64 hosts ms",
                        "value/fresh",
                        "moved/lost",
                        "moved/least",
                        "verified");
        Workload bert = WorkloadReader.read(
                bench.folder().resolve("operator_bert_l-12_inference.json"),
                Format.DNN_PARTITIONING,
                ReadOptions.AS_IN_FILE);
        Devices devices = new Devices(DEVICES, 0, Double.POSITIVE_INFINITY);
        study("chain of 4,096 layers", chain(bench.seed(), devices), bench);
        study("32 x bert_l-12", Copies.inARow(bert, 32, devices), bench);
        return new TreeFailureStudy(bench).run(chain(bench.seed(), devices)) && allHold;
    }

    /// Layers of unequal work with connections that skip some.
    private static Workload chain(long seed, Devices devices) {
        SplittableRandom random = new SplittableRandom(seed);
        WorkloadBuilder builder = new WorkloadBuilder();
        int layers = 4_096;
        for (int layer = 0; layer < layers; layer++) {
            builder.node(new WorkloadBuilder.Node(
                    "layer-" + layer,
                    1 + 2 * random.nextDouble(),
                    Double.POSITIVE_INFINITY,
                    1e6 + random.nextInt(20_000_000),
                    true,
                    false,
                    ""));
        }
        for (int layer = 0; layer + 1 < layers; layer++) {
            double cost = 0.05 + 0.2 * random.nextDouble();
            builder.edge("layer-" + layer, "layer-" + (layer + 1), cost);
            if (layer % 5 == 0 && layer + 4 < layers) {
                builder.edge("layer-" + layer, "layer-" + (layer + 4), cost);
            }
        }
        return builder.build(devices);
    }

    private void study(String name, Workload workload, Bench bench) {
        for (int spares : SPARES) {
            Workload first = workload.on(new Devices(DEVICES - spares, 0, Double.POSITIVE_INFINITY));
            Split running = split(first, bench.seed());
            row(name, workload, running.deviceOfNode(), spares, bench);
        }
    }

    private static Split split(Workload workload, long seed) {
        SearchControl control = SearchControl.seconds(PLAN_SECONDS, System::nanoTime);
        Split split = PartitionOutcome.split(Partitioner.solve(workload, seed, control));
        if (split == null) {
            throw new InvalidWorkload("There is no split to begin with.");
        }
        return split;
    }

    private void row(String name, Workload workload, int[] running, int spares, Bench bench) {
        Set<Integer> used = new TreeSet<>();
        for (int device : running) {
            used.add(device);
        }
        List<Set<Integer>> losses = losses(used);
        Replanner replanner = new Replanner(workload, running, bench.seed());
        SearchControl control = SearchControl.seconds(PATIENCE_SECONDS, System::nanoTime);
        losses.forEach(lost -> replanner.after(lost, SLACK, control));
        double fresh = split(workload.on(new Devices(DEVICES - HOST, 0, Double.POSITIVE_INFINITY)), bench.seed())
                .value();
        Row row = new Row();
        for (int index = 0; index < losses.size(); index++) {
            Replanner cold = new Replanner(workload, running, bench.seed());
            long start = System.nanoTime();
            long startCpu = cpuNanos();
            Replan plan = cold.after(losses.get(index), SLACK, control);
            row.millis.add((System.nanoTime() - start) / NANOS_PER_MILLI);
            row.cpuMillis = Math.max(row.cpuMillis, (cpuNanos() - startCpu) / NANOS_PER_MILLI);
            if (plan == null) {
                throw new InvalidWorkload("There is no split after a loss.");
            }
            row.freshRatio = Math.max(row.freshRatio, plan.value() / fresh);
            row.movedToLost = Math.max(row.movedToLost, plan.movedBytes() / Math.max(1, plan.lostBytes()));
            row.verified &= verified(workload, plan, losses.get(index));
            if (index % Math.max(1, losses.size() / HOSTS_SEARCHED_LONG) == 0) {
                double least = longSearch(workload, running, losses.get(index), fresh * (1 + SLACK));
                row.movedToLeast = Math.max(row.movedToLeast, plan.movedBytes() / Math.max(1, least));
            }
        }
        long start = System.nanoTime();
        replanner.precomputed(losses, SLACK, control);
        row.allMillis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        row.report(name, replanner.units(), spares, bench);
        allHold &= row.verified;
    }

    /// Time that this thread computed, whatever else the machine was doing.
    static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static List<Set<Integer>> losses(Set<Integer> used) {
        List<Set<Integer>> losses = new ArrayList<>();
        for (int host = 0; host < DEVICES / HOST; host++) {
            Set<Integer> lost = new TreeSet<>();
            for (int device = host * HOST; device < (host + 1) * HOST; device++) {
                lost.add(device);
            }
            if (lost.stream().anyMatch(used::contains)) {
                losses.add(lost);
            }
        }
        return losses;
    }

    /// The least bytes that move to any cut, of many orders in which the running shares follow each other, that
    /// is worth at most a limit; what was lost must move anyway.
    private static double longSearch(Workload workload, int[] running, Set<Integer> lost, double limit) {
        double least = Double.POSITIVE_INFINITY;
        for (int order = 0; order < OTHER_ORDERS; order++) {
            Replan plan = new Replanner(workload, running, 1_000 + order).within(lost, limit);
            least = plan == null ? least : Math.min(least, plan.movedBytes());
        }
        return least;
    }

    private static boolean verified(Workload workload, Replan plan, Set<Integer> lost) {
        Map<String, String> assignment = new LinkedHashMap<>();
        int[] deviceOfNode = plan.deviceOfNode();
        boolean onLost = false;
        for (int node = 0; node < deviceOfNode.length; node++) {
            assignment.put(workload.id(node), "accelerator-" + deviceOfNode[node]);
            onLost |= lost.contains(deviceOfNode[node]);
        }
        Verifier.Claim claim = new Verifier.Claim(assignment, plan.value(), 0, false, true);
        return !onLost && Verifier.check(workload, claim).isEmpty();
    }

    /// The figures of one line.
    private static final class Row {
        private final List<Double> millis = new ArrayList<>();
        private double cpuMillis;
        private double allMillis;
        private double freshRatio;
        private double movedToLost;
        private double movedToLeast;
        private boolean verified = true;

        private void report(String name, int units, int spares, Bench bench) {
            millis.sort(Double::compare);
            double median = millis.get(millis.size() / 2);
            bench.out()
                    .printf(
                            Locale.ROOT,
                            "%-26s %6d %7d %11.1f %11.1f %11.1f %11.0f %13.4f %13.2f %13.3f %9s%n",
                            name,
                            units,
                            spares,
                            median,
                            millis.getLast(),
                            cpuMillis,
                            allMillis,
                            freshRatio,
                            movedToLost,
                            movedToLeast,
                            verified ? "yes" : "no");
            bench.out().flush();
            bench.rows()
                    .addObject()
                    .put("input", name)
                    .put("units", units)
                    .put("devices", DEVICES)
                    .put("spares", spares)
                    .put("medianMillis", median)
                    .put("largestMillis", millis.getLast())
                    .put("largestCpuMillis", cpuMillis)
                    .put("allHostsMillis", allMillis)
                    .put("largestValueToFresh", freshRatio)
                    .put("largestMovedToLost", movedToLost)
                    .put("largestMovedToLeastFound", movedToLeast)
                    .put("verified", verified);
        }
    }
}
