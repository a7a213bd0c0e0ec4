package dev.pipelinejob.operator.observe;

import dev.pipelinejob.operator.planning.ClusterTopology.Machine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/// Finds the machines with room for slots of one job. Optimistic where it has to be: the scheduler has the last word.
public final class FreeSlots {
    private static final String ARCHITECTURE = "kubernetes.io/arch";
    private static final long MILLIS_PER_CORE = 1000;

    private final SlotNeeds needs;
    private final Set<String> avoided;
    private final Map<String, Taken> taken = new HashMap<>();
    private final List<Machine> machines = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    private record Taken(Amounts amounts, long pods) {
        Taken plus(Amounts more) {
            return new Taken(amounts.plus(more), pods + 1);
        }
    }

    private FreeSlots(SlotNeeds needs, Set<String> avoided) {
        this.needs = needs;
        this.avoided = avoided;
    }

    /// Where slots of a job fit.
    ///
    /// @param nodes all nodes
    /// @param pods everybody's pods, and what plans in flight have reserved; the job's own do not count, because
    ///     its slots may stay where they are
    /// @param jobUid the job
    /// @param needs what a slot asks for
    /// @param avoided nodes that failed lately
    public static Capacity find(
            Collection<NodeFacts> nodes,
            Collection<PodFacts> pods,
            String jobUid,
            SlotNeeds needs,
            Set<String> avoided) {
        FreeSlots search = new FreeSlots(needs, avoided);
        for (PodFacts pod : pods) {
            if (!pod.node().isEmpty() && !pod.jobUid().equals(jobUid)) {
                search.taken.merge(pod.node(), new Taken(pod.requests(), 1), (known, _) -> known.plus(pod.requests()));
            }
        }
        nodes.stream().sorted(Comparator.comparing(NodeFacts::name)).forEach(search::judge);
        return new Capacity(search.machines, search.leftOut, needs);
    }

    private void judge(NodeFacts node) {
        String architecture = node.labels().getOrDefault(ARCHITECTURE, "");
        NodeFacts.Taint taint = needs.untolerated(node);
        if (node.lostBecause() != null) {
            leaveOut(node, LeftOut.Reason.NOT_READY, "");
        } else if (node.cordoned()) {
            leaveOut(node, LeftOut.Reason.CORDONED, "");
        } else if (avoided.contains(node.name())) {
            leaveOut(node, LeftOut.Reason.AVOIDED, "");
        } else if (!NodeMatch.matches(needs.selector(), needs.terms(), node)) {
            leaveOut(node, LeftOut.Reason.NOT_SELECTED, "");
        } else if (!architecture.isEmpty() && !needs.architectures().contains(architecture)) {
            leaveOut(node, LeftOut.Reason.ARCHITECTURE, architecture);
        } else if (taint != null) {
            leaveOut(node, LeftOut.Reason.TAINTED, taint.toString());
        } else {
            count(node);
        }
    }

    private void count(NodeFacts node) {
        for (Map.Entry<String, Long> most :
                node.allocatable().fits(needs.requests()).entrySet()) {
            if (most.getValue() == 0) {
                leaveOut(node, LeftOut.Reason.TOO_SMALL, most.getKey());
                return;
            }
        }
        Taken others = taken.getOrDefault(node.name(), new Taken(Amounts.NONE, 0));
        Amounts free = node.allocatable().minus(others.amounts());
        SortedMap<String, Long> times = free.fits(needs.requests());
        times.put("pods", Math.max(0, node.maxPods() - others.pods()));
        long slots = times.values().stream().mapToLong(Long::longValue).min().orElse(0);
        if (slots == 0) {
            String full = times.entrySet().stream()
                    .filter(each -> each.getValue() == 0)
                    .map(Map.Entry::getKey)
                    .min(Comparator.comparing((String name) -> !name.contains("/"))
                            .thenComparing(name -> name))
                    .orElse("");
            leaveOut(node, LeftOut.Reason.FULL, full);
            return;
        }
        machines.add(new Machine(
                node.name(), node.labels(), Math.toIntExact(slots), memoryBytes(free, slots), cores(free, slots)));
    }

    private long memoryBytes(Amounts free, long slots) {
        return needs.memoryLimitBytes() > 0 ? needs.memoryLimitBytes() : Math.max(1, free.memoryBytes() / slots);
    }

    /// The cores that slots share, when each of them asks for less than one.
    private int cores(Amounts free, long slots) {
        long cores = free.cpuMillis() / MILLIS_PER_CORE;
        return cores < slots ? Math.toIntExact(Math.max(1, cores)) : 0;
    }

    private void leaveOut(NodeFacts node, LeftOut.Reason reason, String detail) {
        leftOut.add(new LeftOut(node.name(), reason, detail));
    }
}
