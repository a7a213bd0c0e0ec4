package dev.pipelinejob.placement.graph;

/// The output of one layer is an input of another, later one.
///
/// @param from index of the producing layer
/// @param to index of the consuming layer
public record Edge(int from, int to) {
    public Edge {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("Edge " + from + " to " + to
                    + ": layers are numbered in execution order, so it must lead forward.");
        }
    }
}
