package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.failure.Replan;
import dev.pipelinejob.placement.partition.failure.TreeReplanner;
import dev.pipelinejob.placement.partition.tree.TreePartitioner;
import dev.pipelinejob.placement.partition.verify.TreeVerifier;
import dev.pipelinejob.placement.partition.verify.Verifier;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The loss of each of 64 hosts with 8 of 512 leaves of a tree, with a spare host and without. Fresh splits are made
/// in advance, one for each shape that a loss can leave; the time is that of the plan after the loss.
final class TreeFailureStudy {
    private static final int HOST = 8;
    private static final double SLACK = 0.05;
    private static final int OTHER_ORDERS = 12;
    private static final int SEARCHED_LONG = 8;
    private static final double FRESH_SECONDS = 20;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double BYTES_PER_MILLI = 2_147_483.648;

    private final Study.Bench bench;
    private boolean allHold = true;

    TreeFailureStudy(Study.Bench bench) {
        this.bench = bench;
    }

    /// One line for each tree and number of spare hosts; whether every plan holds.
    boolean run(Workload workload) {
        for (boolean isMixed : new boolean[] {false, true}) {
            Topology tree = BenchTrees.hosts(4, 16, HOST, isMixed);
            for (int spareHosts = 0; spareHosts <= 1; spareHosts++) {
                row("chain on a tree" + (isMixed ? ", mixed" : ""), workload, tree, spareHosts);
            }
        }
        return allHold;
    }

    private static SearchControl time() {
        return SearchControl.seconds(FRESH_SECONDS, System::nanoTime);
    }

    private void row(String name, Workload workload, Topology tree, int spareHosts) {
        List<Slot> slots = tree.slots();
        int used = slots.size() - spareHosts * HOST;
        Set<String> names = new LinkedHashSet<>();
        slots.subList(0, used).forEach(slot -> names.add(slot.name()));
        Split split = PartitionOutcome.split(
                TreePartitioner.solve(workload, tree.restrictedTo(names), BYTES_PER_MILLI, bench.seed(), time()));
        if (split == null) {
            throw new InvalidWorkload("There is no split to begin with.");
        }
        int[] running = split.deviceOfNode();
        TreeReplanner planner = new TreeReplanner(workload, tree, BYTES_PER_MILLI, running, bench.seed());
        List<Set<Integer>> losses = losses(used);
        long start = System.nanoTime();
        losses.forEach(lost -> planner.freshValue(lost, time()));
        double freshMillis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        losses.forEach(lost -> planner.after(lost, SLACK, time()));
        Row row = new Row();
        row.freshMillis = freshMillis;
        for (int index = 0; index < losses.size(); index++) {
            Set<Integer> lost = losses.get(index);
            start = System.nanoTime();
            long startCpu = FailureStudy.cpuNanos();
            Replan plan = planner.after(lost, SLACK, time());
            row.millis.add((System.nanoTime() - start) / NANOS_PER_MILLI);
            row.cpuMillis = Math.max(row.cpuMillis, (FailureStudy.cpuNanos() - startCpu) / NANOS_PER_MILLI);
            if (plan == null) {
                throw new InvalidWorkload("There is no split after a loss.");
            }
            double fresh = planner.freshValue(lost, time());
            row.freshRatio = Math.max(row.freshRatio, plan.value() / fresh);
            row.movedToLost = Math.max(row.movedToLost, plan.movedBytes() / Math.max(1, plan.lostBytes()));
            row.verified &= verified(workload, tree, plan, lost);
            if (index % (losses.size() / SEARCHED_LONG) == 0) {
                double least = longSearch(workload, tree, running, lost, fresh * (1 + SLACK));
                row.movedToLeast = Math.max(row.movedToLeast, plan.movedBytes() / Math.max(1, least));
            }
        }
        row.report(name, planner.units(), spareHosts * HOST);
        allHold &= row.verified;
    }

    private static List<Set<Integer>> losses(int used) {
        List<Set<Integer>> losses = new ArrayList<>();
        for (int first = 0; first < used; first += HOST) {
            Set<Integer> lost = new TreeSet<>();
            for (int leaf = first; leaf < first + HOST; leaf++) {
                lost.add(leaf);
            }
            losses.add(lost);
        }
        return losses;
    }

    /// The least bytes that move to any cut of many orders in which the running shares follow each other.
    private static double longSearch(Workload workload, Topology tree, int[] running, Set<Integer> lost, double limit) {
        double least = Double.POSITIVE_INFINITY;
        for (int order = 0; order < OTHER_ORDERS; order++) {
            Replan plan = new TreeReplanner(workload, tree, BYTES_PER_MILLI, running, 1_000 + order)
                    .within(lost, limit, SearchControl.seconds(0, System::nanoTime));
            least = plan == null ? least : Math.min(least, plan.movedBytes());
        }
        return least;
    }

    private static boolean verified(Workload workload, Topology tree, Replan plan, Set<Integer> lost) {
        Map<String, String> assignment = new LinkedHashMap<>();
        int[] leafOfNode = plan.deviceOfNode();
        boolean onLost = false;
        for (int node = 0; node < leafOfNode.length; node++) {
            assignment.put(workload.id(node), tree.slots().get(leafOfNode[node]).name());
            onLost |= lost.contains(leafOfNode[node]);
        }
        Verifier.Claim claim = new Verifier.Claim(assignment, plan.value(), 0, false, true);
        return !onLost
                && TreeVerifier.check(workload, tree, BYTES_PER_MILLI, claim).isEmpty();
    }

    /// The figures of one line.
    private final class Row {
        private final List<Double> millis = new ArrayList<>();
        private double cpuMillis;
        private double freshMillis;
        private double freshRatio;
        private double movedToLost;
        private double movedToLeast;
        private boolean verified = true;

        private void report(String name, int units, int spares) {
            double all = millis.stream().mapToDouble(time -> time).sum();
            millis.sort(Double::compare);
            double median = millis.get(millis.size() / 2);
            bench.out()
                    .printf(
                            Locale.ROOT,
                            "%-26s %6d %7d %11.1f %11.1f %11.1f %11.0f %13.4f %13.2f %13.3f %9s (fresh in advance: %.0f ms)%n",
                            name,
                            units,
                            spares,
                            median,
                            millis.getLast(),
                            cpuMillis,
                            all,
                            freshRatio,
                            movedToLost,
                            movedToLeast,
                            verified ? "yes" : "no",
                            freshMillis);
            bench.out().flush();
            bench.rows()
                    .addObject()
                    .put("input", name)
                    .put("units", units)
                    .put("devices", 512)
                    .put("spares", spares)
                    .put("medianMillis", median)
                    .put("largestMillis", millis.getLast())
                    .put("largestCpuMillis", cpuMillis)
                    .put("allHostsMillis", all)
                    .put("freshInAdvanceMillis", freshMillis)
                    .put("largestValueToFresh", freshRatio)
                    .put("largestMovedToLost", movedToLost)
                    .put("largestMovedToLeastFound", movedToLeast)
                    .put("verified", verified);
        }
    }
}
