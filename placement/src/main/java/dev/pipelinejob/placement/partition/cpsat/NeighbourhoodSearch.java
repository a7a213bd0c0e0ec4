package dev.pipelinejob.placement.partition.cpsat;

import com.google.ortools.sat.CpSolver;
import com.google.ortools.sat.CpSolverStatus;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Betters a split of any shape: the device with the largest load and one or two others exchange units as well as the
/// solver can, until no such exchange helps.
final class NeighbourhoodSearch {
    private static final double SECONDS_A_QUESTION = 4;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int MOST_QUESTIONS = 400;
    private static final int MOST_CHOICES = 30;
    private static final double BETTER = 1e-7;

    private final UnitGraph graph;
    private final int threads;
    private final long seed;
    private final SearchControl control;

    NeighbourhoodSearch(UnitGraph graph, int threads, long seed, SearchControl control) {
        this.graph = graph;
        this.threads = threads;
        this.seed = seed;
        this.control = control;
    }

    /// The given split or a better one.
    int[] better(int[] known) {
        int[] now = known;
        int[] best = known;
        List<int[]> choices = choices(now);
        int next = 0;
        for (int question = 0; question < MOST_QUESTIONS && next < choices.size() && !control.stopped(); question++) {
            int[] found = exchange(now, choices.get(next++));
            if (largest(found) < largest(now) * (1 - BETTER) || bottleneck(found) != bottleneck(now)) {
                now = found;
                choices = choices(now);
                next = 0;
            }
            best = graph.value(now) < graph.value(best) ? now : best;
        }
        return best;
    }

    private double largest(int[] deviceOfUnit) {
        return graph.value(deviceOfUnit);
    }

    private int bottleneck(int[] deviceOfUnit) {
        double[] loads = graph.loads(deviceOfUnit);
        return IntStream.range(0, loads.length)
                .reduce((one, other) -> loads[other] > loads[one] ? other : one)
                .orElse(0);
    }

    /// The bottleneck with each other device, those first that share the most traffic with it, then with two others.
    private List<int[]> choices(int[] deviceOfUnit) {
        int first = bottleneck(deviceOfUnit);
        double[] shared = new double[graph.accelerators() + graph.cpus()];
        for (int net = 0; net < graph.nets(); net++) {
            int[] devices = Arrays.stream(
                            graph.pins().items(),
                            graph.pins().from(net),
                            graph.pins().end(net))
                    .map(unit -> deviceOfUnit[unit])
                    .distinct()
                    .toArray();
            if (Arrays.stream(devices).anyMatch(device -> device == first)) {
                for (int device : devices) {
                    shared[device] += graph.netMillis(net);
                }
            }
        }
        int[] others = IntStream.range(0, shared.length)
                .filter(device -> device != first)
                .boxed()
                .sorted((one, other) -> Double.compare(shared[other], shared[one]))
                .mapToInt(device -> device)
                .toArray();
        List<int[]> choices = new ArrayList<>();
        for (int other : others) {
            choices.add(new int[] {first, other});
        }
        for (int end = 1; end < others.length; end++) {
            for (int begin = 0; begin < end; begin++) {
                choices.add(new int[] {first, others[begin], others[end]});
            }
        }
        return choices.subList(0, Math.min(MOST_CHOICES, choices.size()));
    }

    private int[] exchange(int[] deviceOfUnit, int[] devices) {
        double[] loads = graph.loads(deviceOfUnit);
        double before = Arrays.stream(devices)
                .mapToDouble(device -> loads[device])
                .max()
                .orElse(0);
        double left = (control.deadlineNanos() - control.nanoClock().getAsLong()) / NANOS_PER_SECOND;
        NeighbourhoodModel model = new NeighbourhoodModel(graph, deviceOfUnit, devices, before);
        CpSolver solver = new CpSolver();
        solver.getParameters().setNumWorkers(threads);
        solver.getParameters().setMaxTimeInSeconds(Math.clamp(left, 0.01, SECONDS_A_QUESTION));
        solver.getParameters().setRandomSeed((int) (seed & Integer.MAX_VALUE));
        CpSolverStatus status = solver.solve(model.model());
        if (status != CpSolverStatus.OPTIMAL && status != CpSolverStatus.FEASIBLE) {
            return deviceOfUnit;
        }
        int[] found = model.assignment(solver);
        double[] after = graph.loads(found);
        double now = Arrays.stream(devices)
                .mapToDouble(device -> after[device])
                .max()
                .orElse(0);
        return now < before * (1 - BETTER) ? found : deviceOfUnit;
    }
}
