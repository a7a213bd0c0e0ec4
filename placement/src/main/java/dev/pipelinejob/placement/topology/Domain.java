package dev.pipelinejob.placement.topology;

import java.util.List;

/// An inner node: a host, a rack, a block, a zone.
///
/// @param name unique within its topology
/// @param level its kind, such as `host` (see [Topology#HOST_LEVEL]) or `rack`
/// @param uplinkBytesPerSecond capacity of its link to its parent, per direction; infinite when nothing limits it
/// @param latencyMicros time that crossing this link adds to a message
/// @param computeCores cores that all slots below share, each worker using one at a time; 0 when every slot
///     computes by itself
/// @param children in an order that the planner keeps: neighbours in the pipeline become neighbours here
public record Domain(
        String name,
        String level,
        double uplinkBytesPerSecond,
        double latencyMicros,
        int computeCores,
        List<Node> children)
        implements Node {
    public Domain {
        if (name.isBlank()) {
            throw new IllegalArgumentException("A domain needs a name.");
        }
        requireLink(name, uplinkBytesPerSecond, latencyMicros);
        if (computeCores < 0) {
            throw new IllegalArgumentException(
                    "Domain " + name + " has computeCores " + computeCores + ": it must be 0 (not shared) or more.");
        }
        children = List.copyOf(children);
        if (children.isEmpty()) {
            throw new IllegalArgumentException("Domain " + name + " is empty: give it at least one slot or domain.");
        }
    }

    /// A domain whose link to its parent limits nothing and whose slots share no cores; a root, for example.
    public static Domain unlimited(String name, String level, List<? extends Node> children) {
        return new Domain(name, level, Double.POSITIVE_INFINITY, 0, 0, List.copyOf(children));
    }

    Domain withChildren(List<Node> newChildren) {
        return new Domain(name, level, uplinkBytesPerSecond, latencyMicros, computeCores, newChildren);
    }

    static void requireLink(String name, double bytesPerSecond, double latencyMicros) {
        if (!(bytesPerSecond > 0)) {
            throw new IllegalArgumentException(
                    name + " has a link of " + bytesPerSecond + " bytes per second: it must be above 0.");
        }
        if (!(latencyMicros >= 0) || latencyMicros == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + " has a latency of " + latencyMicros
                    + " microseconds: it must be a finite number of 0 or more.");
        }
    }
}
