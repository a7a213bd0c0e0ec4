package dev.pipelinejob.placement.solve;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Exact dynamic program over (position in the chain, domain of the tree), for every number of stages at once.
///
/// A domain is filled from its last child to its first, and the chain from its end to its beginning, because the
/// memory of a 1F1B stage depends on how many stages follow. Any child may stay unused. Equal subtrees share their
/// tables, and only tables that some beginning reaches are made.
final class ChainSearch {
    private final Domain root;
    private final int[] cuts;
    private final int maxStages;
    private final Objective objective;
    private final WorkMeter meter;
    private final Map<String, Integer> types = new HashMap<>();
    private final Map<String, Integer> capacities = new HashMap<>();
    private final Map<String, Integer> typeOfShape = new HashMap<>();
    private final Map<Key, double[]> tables = new HashMap<>();

    /// @param cuts layer indices at which the chain may be cut, ascending, with 0 and the number of layers
    ChainSearch(Topology topology, int[] cuts, int maxStages, Objective objective, WorkMeter meter) {
        this.root = topology.root();
        this.cuts = cuts;
        this.maxStages = maxStages;
        this.objective = objective;
        this.meter = meter;
        shapeOf(root);
    }

    /// What one slot holds.
    record Piece(Slot slot, int first, int end) {}

    private record Key(int type, int end, int stagesBehind) {}

    private String shapeOf(Node node) {
        String shape =
                switch (node) {
                    case Slot slot -> {
                        capacities.put(slot.name(), 1);
                        yield slot.portBytesPerSecond() + "/" + slot.memoryBytes() + "/" + slot.relativeSpeed();
                    }
                    case Domain domain -> {
                        StringBuilder text = new StringBuilder();
                        int leaves = 0;
                        for (Node child : domain.children()) {
                            String childShape = shapeOf(child);
                            text.append(typeOfShape.get(childShape)).append(',');
                            leaves += capacity(child);
                        }
                        capacities.put(domain.name(), Math.min(leaves, maxStages));
                        yield domain.uplinkBytesPerSecond() + "/" + domain.computeCores() + "[" + text + "]";
                    }
                };
        types.put(node.name(), typeOfShape.computeIfAbsent(shape, _ -> typeOfShape.size()));
        return shape;
    }

    /// The least value for each number of stages; index 0 is unused. Meaningless once the meter is exhausted.
    double[] bestByStages() {
        int width = maxStages + 1;
        double[] best = new double[width];
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        double[] table = table(root, cuts.length - 1, 0);
        System.arraycopy(table, 0, best, 0, Math.min(width, capacity(root) + 1));
        best[0] = Double.POSITIVE_INFINITY;
        return best;
    }

    /// A best layout with a number of stages for which there is one, in pipeline order.
    List<Piece> layout(int stages) {
        List<Piece> pieces = new ArrayList<>();
        trace(root, new Span(0, cuts.length - 1, stages, 0), pieces);
        return pieces;
    }

    /// Positions `[from, to)` in a number of stages, with a number of stages behind.
    private record Span(int from, int to, int stages, int stagesBehind) {}

    private int capacity(Node node) {
        return capacities.getOrDefault(node.name(), 0);
    }

    /// For each (position, number of stages): the least value of the layers from that position to `end` in a node.
    private double[] table(Node node, int end, int stagesBehind) {
        int distance = Math.min(stagesBehind, objective.costs().saturatedDistance());
        Key key = new Key(types.getOrDefault(node.name(), 0), end, distance);
        double[] known = tables.get(key);
        if (known != null || meter.isExhausted()) {
            return known != null ? known : unreachable(node);
        }
        double[] made =
                switch (node) {
                    case Slot slot -> slotTable(slot, end, stagesBehind);
                    case Domain domain -> domainTable(domain, end, stagesBehind);
                };
        tables.put(key, made);
        return made;
    }

    private double[] unreachable(Node node) {
        double[] table = new double[cuts.length * (capacity(node) + 1)];
        Arrays.fill(table, Double.POSITIVE_INFINITY);
        return table;
    }

    private double[] slotTable(Slot slot, int end, int stagesBehind) {
        double[] table = unreachable(slot);
        meter.spend(end);
        for (int from = 0; from < end; from++) {
            table[from * 2 + 1] = objective.stage(slot, cuts[from], cuts[end], stagesBehind);
        }
        return table;
    }

    private double[] domainTable(Domain domain, int end, int stagesBehind) {
        int width = capacity(domain) + 1;
        double[] table = fill(domain, end, stagesBehind).getLast().clone();
        for (int from = 0; from < end; from++) {
            double together = objective.domain(domain, cuts[from], cuts[end]);
            for (int stages = 1; stages < width; stages++) {
                table[from * width + stages] = objective.combine(table[from * width + stages], together);
            }
        }
        return table;
    }

    /// The states before any child, and after each child from the last to the first.
    private List<double[]> fill(Domain domain, int end, int stagesBehind) {
        int width = capacity(domain) + 1;
        double[] state = unreachable(domain);
        state[end * width] = 0;
        List<double[]> states = new ArrayList<>();
        states.add(state);
        for (Node child : domain.children().reversed()) {
            double[] next = state.clone();
            for (int from = 1; from <= end; from++) {
                for (int used = 0; used < width - 1; used++) {
                    if (state[from * width + used] < Double.POSITIVE_INFINITY) {
                        extend(state, next, width, child, new Span(0, from, used, stagesBehind));
                    }
                }
            }
            states.add(next);
            state = next;
        }
        return states;
    }

    /// From one state on, puts one or more stages into a child.
    private void extend(double[] state, double[] next, int width, Node child, Span reached) {
        double[] table = table(child, reached.to(), reached.stagesBehind() + reached.stages());
        int childWidth = capacity(child) + 1;
        int most = Math.min(childWidth - 1, width - 1 - reached.stages());
        double value = state[reached.to() * width + reached.stages()];
        meter.spend((long) reached.to() * most);
        for (int from = 0; from < reached.to(); from++) {
            for (int stages = 1; stages <= most; stages++) {
                double together = objective.combine(value, table[from * childWidth + stages]);
                int index = from * width + reached.stages() + stages;
                next[index] = Math.min(next[index], together);
            }
        }
    }

    private void trace(Node node, Span span, List<Piece> pieces) {
        switch (node) {
            case Slot slot -> pieces.add(new Piece(slot, cuts[span.from()], cuts[span.to()]));
            case Domain domain -> {
                List<double[]> states = fill(domain, span.to(), span.stagesBehind());
                Span left = span;
                for (int step = domain.children().size(); step >= 1; step--) {
                    Node child = domain.children().get(domain.children().size() - step);
                    Span part = partOf(child, left, states.get(step - 1), states.get(step), capacity(domain) + 1);
                    if (part.stages() > 0) {
                        trace(child, part, pieces);
                        left = new Span(part.to(), left.to(), left.stages() - part.stages(), left.stagesBehind());
                    }
                }
            }
        }
    }

    /// What a child holds at the front of a span: as many stages as it can, so that early children are filled first.
    private Span partOf(Node child, Span span, double[] before, double[] after, int width) {
        double value = after[span.from() * width + span.stages()];
        int childWidth = capacity(child) + 1;
        for (int stages = Math.min(childWidth - 1, span.stages()); stages >= 1; stages--) {
            for (int to = span.from() + 1; to <= span.to(); to++) {
                double rest = before[to * width + span.stages() - stages];
                if (rest < Double.POSITIVE_INFINITY) {
                    int stagesBehind = span.stagesBehind() + span.stages() - stages;
                    double[] table = table(child, to, stagesBehind);
                    if (objective.combine(rest, table[span.from() * childWidth + stages]) == value) {
                        return new Span(span.from(), to, stages, stagesBehind);
                    }
                }
            }
        }
        return new Span(span.from(), span.from(), 0, span.stagesBehind());
    }
}
