package dev.pipelinejob.placement.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// A model as layers in execution order and the edges between them; a chain is the common case.
///
/// @param name the model's name, for people
/// @param layers in execution order
/// @param edges who consumes whose output
/// @param costSource where the times come from
public record ModelGraph(String name, List<Layer> layers, List<Edge> edges, CostSource costSource) {
    public ModelGraph {
        layers = List.copyOf(layers);
        edges = List.copyOf(edges);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("Graph " + name + " has no layers: a model needs at least one.");
        }
        Set<String> names = new HashSet<>();
        for (Layer layer : layers) {
            if (!names.add(layer.name())) {
                throw new IllegalArgumentException("Graph " + name + " has two layers named " + layer.name() + ".");
            }
        }
        for (Edge edge : edges) {
            if (edge.to() >= layers.size()) {
                throw new IllegalArgumentException("Graph " + name + " has an edge to layer " + edge.to() + " but only "
                        + layers.size() + " layers.");
            }
        }
    }

    /// Layers where each consumes exactly the output of the one before it.
    public static ModelGraph chain(String name, List<Layer> layers, CostSource costSource) {
        List<Edge> edges = IntStream.range(1, layers.size())
                .mapToObj(to -> new Edge(to - 1, to))
                .toList();
        return new ModelGraph(name, layers, edges, costSource);
    }

    /// Whether the edges are exactly layer to next layer.
    public boolean isChain() {
        return edges.size() == layers.size() - 1
                && Set.copyOf(edges).size() == edges.size()
                && edges.stream().allMatch(edge -> edge.to() == edge.from() + 1);
    }

    /// Each tied group's name with the layers that use it, ascending.
    public SortedMap<String, List<Integer>> tiedGroups() {
        SortedMap<String, List<Integer>> groups = new TreeMap<>();
        for (int index = 0; index < layers.size(); index++) {
            for (TiedParameter tied : layers.get(index).tied()) {
                groups.computeIfAbsent(tied.group(), _ -> new ArrayList<>()).add(index);
            }
        }
        return groups;
    }

    /// Bytes that cross the cut in front of layer `position`, one way, for one micro-batch of a chain.
    public long cutBytes(int position) {
        return position <= 0 || position >= layers.size()
                ? 0
                : layers.get(position - 1).activationBytes();
    }

    /// Parameters of all layers in fp32; a tied parameter counts once a use.
    public long parameterBytes() {
        return layers.stream().mapToLong(Layer::parameterBytes).sum();
    }
}
