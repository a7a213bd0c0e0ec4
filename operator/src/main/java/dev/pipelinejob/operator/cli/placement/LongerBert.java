package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.PiperProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The published BERT-32 with more layers: copies of the last transformer but one, as Piper's experiments make them.
final class LongerBert {
    private static final int PUBLISHED = 32;
    private static final String COPIED = "34";
    private static final String LAST = "35";

    private final List<PiperProfile.Node> nodes;
    private final List<PiperProfile.Edge> edges;
    private final int last;

    private LongerBert(PiperProfile profile) {
        nodes = new ArrayList<>(profile.nodes());
        edges = new ArrayList<>(profile.edges());
        last = numberOf(LAST);
    }

    static PiperProfile of(PiperProfile profile, int layers) {
        LongerBert longer = new LongerBert(profile);
        int end = longer.numberOf(COPIED);
        int before = longer.edges.stream()
                .filter(edge -> edge.target() == longer.numberOf(COPIED))
                .mapToInt(PiperProfile.Edge::source)
                .filter(source -> longer.edges.stream()
                                .filter(edge -> edge.source() == source)
                                .count()
                        == 1)
                .findFirst()
                .orElseThrow(() -> new InvalidWorkload("Node " + COPIED + " is no layer in a chain."));
        for (int layer = PUBLISHED; layer < layers; layer++) {
            int added = longer.insert(before, end);
            before = end;
            end = added;
        }
        return new PiperProfile(longer.nodes, longer.edges, profile.fleet());
    }

    private int numberOf(String id) {
        for (int node = 0; node < nodes.size(); node++) {
            if (nodes.get(node).id().equals(id)) {
                return node;
            }
        }
        throw new InvalidWorkload("The file has no node " + id + ": it is not the published BERT-32.");
    }

    /// Puts a copy of a layer between it and the last layer; the number of the copy.
    private int insert(int before, int end) {
        int added = nodes.size();
        nodes.add(changed(
                nodes.get(end),
                "copy-" + added,
                choice -> with(
                        choice, Map.of(end, choice.forwardBytes(before)), Map.of(last, choice.backwardBytes(last)))));
        nodes.set(
                end,
                changed(
                        nodes.get(end),
                        nodes.get(end).id(),
                        choice -> with(choice, choice.forward(), renamed(choice.backward(), last, added))));
        nodes.set(
                last,
                changed(
                        nodes.get(last),
                        LAST,
                        choice -> with(choice, renamed(choice.forward(), end, added), choice.backward())));
        for (int edge = 0; edge < edges.size(); edge++) {
            PiperProfile.Edge old = edges.get(edge);
            if (old.source() == end && old.target() == last) {
                edges.set(edge, new PiperProfile.Edge(end, added, old.bytes()));
                edges.add(new PiperProfile.Edge(added, last, old.bytes()));
                return added;
            }
        }
        throw new InvalidWorkload("Nothing leads from node " + nodes.get(end).id() + " to node " + LAST + ".");
    }

    /// What becomes of a choice.
    private interface Change {
        PiperProfile.Choice of(PiperProfile.Choice choice);
    }

    private static PiperProfile.Node changed(PiperProfile.Node node, String id, Change change) {
        Map<Integer, List<PiperProfile.Choice>> choices = new TreeMap<>();
        node.choicesOfDegree()
                .forEach((degree, ways) ->
                        choices.put(degree, ways.stream().map(change::of).toList()));
        return new PiperProfile.Node(id, choices);
    }

    private static PiperProfile.Choice with(
            PiperProfile.Choice choice, Map<Integer, Double> forward, Map<Integer, Double> backward) {
        return new PiperProfile.Choice(
                choice.id(),
                choice.secondsPerSample(),
                choice.parameterBytes(),
                choice.bytesPerMicroBatch(),
                choice.bytes(),
                forward,
                backward);
    }

    private static Map<Integer, Double> renamed(Map<Integer, Double> bytes, int from, int to) {
        Map<Integer, Double> renamed = new TreeMap<>(bytes);
        Double amount = renamed.remove(from);
        if (amount != null) {
            renamed.put(to, amount);
        }
        return renamed;
    }
}
