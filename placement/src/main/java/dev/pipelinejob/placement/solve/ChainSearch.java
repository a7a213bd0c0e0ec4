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
import java.util.function.Consumer;

/// Exact dynamic program over (position in the chain, domain of the tree), for all wanted numbers of stages at once.
///
/// A domain is filled from its last child to its first, and the chain from its end to its beginning, because the
/// memory of a 1F1B stage depends on how many stages follow. Any child may stay unused. Equal subtrees share their
/// tables, only tables that some beginning reaches are made, and of equal neighbours no more are looked at than there
/// are stages.
final class ChainSearch {
    private final Domain root;
    private final int[] cuts;
    private final StageLimits stages;
    private final Objective objective;
    private final WorkMeter meter;
    private final Map<String, Integer> types = new HashMap<>();
    private final Map<String, Integer> capacities = new HashMap<>();
    private final Map<String, Integer> typeOfShape = new HashMap<>();
    private final Map<String, List<Node>> children = new HashMap<>();
    private final Map<Key, StageTable> tables = new HashMap<>();
    private boolean found;

    /// @param cuts layer indices at which the chain may be cut, ascending, with 0 and the number of layers
    /// @param stages the wanted numbers of stages: the fewer, the less there is to do
    ChainSearch(Topology topology, int[] cuts, StageLimits stages, Objective objective, WorkMeter meter) {
        this.root = topology.root();
        this.cuts = cuts;
        this.stages = stages;
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
                        capacities.put(domain.name(), Math.min(leaves, stages.max()));
                        children.put(domain.name(), worthLooking(domain));
                        yield domain.uplinkBytesPerSecond() + "/" + domain.computeCores() + "[" + text + "]";
                    }
                };
        types.put(node.name(), typeOfShape.computeIfAbsent(shape, _ -> typeOfShape.size()));
        return shape;
    }

    /// The children without those that follow as many equal ones as there are stages.
    private List<Node> worthLooking(Domain domain) {
        List<Node> kept = new ArrayList<>();
        int type = -1;
        int run = 0;
        for (Node child : domain.children()) {
            int next = types.getOrDefault(child.name(), 0);
            run = next == type ? run + 1 : 1;
            type = next;
            if (run <= stages.max()) {
                kept.add(child);
            }
        }
        return kept;
    }

    /// The least value for each number of stages, infinite for those that are not wanted. Meaningless once the meter
    /// is exhausted.
    double[] bestByStages() {
        double[] best = new double[stages.max() + 1];
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        StageTable table = table(root, cuts.length - 1, 0);
        for (int count = stages.min(); count <= stages.max(); count++) {
            best[count] = table.at(0, count);
        }
        return best;
    }

    /// A best layout with a wanted number of stages for which there is one, in pipeline order. That is found to the
    /// end, whatever the meter says.
    List<Piece> layout(int count) {
        found = true;
        List<Piece> pieces = new ArrayList<>();
        trace(root, new Span(0, cuts.length - 1, count, 0), pieces);
        return pieces;
    }

    /// Positions `[from, to)` in a number of stages, with a number of stages behind.
    private record Span(int from, int to, int stages, int stagesBehind) {}

    private int capacity(Node node) {
        return capacities.getOrDefault(node.name(), 0);
    }

    private List<Node> children(Domain domain) {
        return children.getOrDefault(domain.name(), List.of());
    }

    private StageTable nothing(Node node, int end) {
        return new StageTable(end, capacity(node), cuts.length - 1 - stages.min());
    }

    /// The values of the layers that end at `end` in a node.
    private StageTable table(Node node, int end, int stagesBehind) {
        int distance = Math.min(stagesBehind, objective.costs().saturatedDistance());
        Key key = new Key(types.getOrDefault(node.name(), 0), end, distance);
        StageTable known = tables.get(key);
        if (known != null) {
            return known;
        }
        StageTable made =
                switch (node) {
                    case Slot slot -> slotTable(slot, end, stagesBehind);
                    case Domain domain -> domainTable(domain, end, stagesBehind);
                };
        tables.put(key, made);
        return made;
    }

    private StageTable slotTable(Slot slot, int end, int stagesBehind) {
        StageTable table = nothing(slot, end);
        meter.spend(end - table.first());
        for (int from = table.first(); from < end; from++) {
            if (table.least(from) <= 1) {
                table.set(from, 1, objective.stage(slot, cuts[from], cuts[end], stagesBehind));
            }
        }
        return table;
    }

    private StageTable domainTable(Domain domain, int end, int stagesBehind) {
        StageTable table = fill(domain, end, stagesBehind, _ -> {});
        for (int from = table.first(); from < end; from++) {
            double together = objective.domain(domain, cuts[from], cuts[end]);
            for (int count = Math.max(1, table.least(from)); count <= table.most(from); count++) {
                table.set(from, count, objective.combine(table.at(from, count), together));
            }
        }
        return table;
    }

    /// What all children hold together.
    ///
    /// @param before gets what there was before each child, from the last to the first
    private StageTable fill(Domain domain, int end, int stagesBehind, Consumer<StageTable> before) {
        StageTable state = nothing(domain, end);
        state.set(end, 0, 0);
        for (Node child : children(domain).reversed()) {
            before.accept(state);
            StageTable next = state.copy();
            for (int from = Math.max(1, state.first()); from <= end && (found || !meter.isExhausted()); from++) {
                for (int used = state.least(from); used <= state.most(from); used++) {
                    if (state.at(from, used) < Double.POSITIVE_INFINITY) {
                        extend(state, next, child, new Span(0, from, used, stagesBehind));
                    }
                }
            }
            state = next;
        }
        return state;
    }

    /// From one state on, puts one or more stages into a child.
    private void extend(StageTable state, StageTable next, Node child, Span reached) {
        int to = reached.to();
        int used = reached.stages();
        double value = state.at(to, used);
        StageTable table = table(child, to, reached.stagesBehind() + used);
        int first = Math.max(table.first(), next.first());
        meter.spend((long) (to - first) * Math.min(capacity(child), next.most(first) - used));
        for (int from = first; from < to; from++) {
            int least = Math.max(Math.max(1, table.least(from)), next.least(from) - used);
            int most = Math.min(table.most(from), next.most(from) - used);
            for (int count = least; count <= most; count++) {
                next.lower(from, used + count, objective.combine(value, table.at(from, count)));
            }
        }
    }

    private void trace(Node node, Span span, List<Piece> pieces) {
        switch (node) {
            case Slot slot -> pieces.add(new Piece(slot, cuts[span.from()], cuts[span.to()]));
            case Domain domain -> {
                List<StageTable> states = new ArrayList<>();
                states.add(fill(domain, span.to(), span.stagesBehind(), states::add));
                Span left = span;
                for (Node child : children(domain)) {
                    StageTable after = states.removeLast();
                    Span part = partOf(child, left, states.getLast(), after);
                    if (part.stages() > 0) {
                        trace(child, part, pieces);
                        left = new Span(part.to(), left.to(), left.stages() - part.stages(), left.stagesBehind());
                    }
                }
            }
        }
    }

    /// What a child holds at the front of a span: as many stages as it can, so that early children are filled first.
    private Span partOf(Node child, Span span, StageTable before, StageTable after) {
        double value = after.at(span.from(), span.stages());
        for (int count = Math.min(capacity(child), span.stages()); count >= 1; count--) {
            for (int to = span.from() + 1; to <= span.to(); to++) {
                double rest = before.at(to, span.stages() - count);
                if (rest < Double.POSITIVE_INFINITY) {
                    int stagesBehind = span.stagesBehind() + span.stages() - count;
                    StageTable table = table(child, to, stagesBehind);
                    if (objective.combine(rest, table.at(span.from(), count)) == value) {
                        return new Span(span.from(), to, count, stagesBehind);
                    }
                }
            }
        }
        return new Span(span.from(), span.from(), 0, span.stagesBehind());
    }
}
