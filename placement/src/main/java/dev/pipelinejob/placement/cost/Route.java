package dev.pipelinejob.placement.cost;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.List;

/// The way of a message over the tree: out of a port, up to the lowest common domain, down and into a port.
///
/// @param links in the order of travel
/// @param latencyMicros sum over the links
public record Route(List<Link> links, double latencyMicros) {
    public Route {
        links = List.copyOf(links);
    }

    /// The route between two slots.
    public static Route between(Topology topology, String from, String to) {
        List<Domain> above = topology.ancestors(from);
        List<Domain> aboveTarget = topology.ancestors(to);
        List<Link> links = new ArrayList<>();
        Slot source = topology.slot(from);
        Slot target = topology.slot(to);
        double latencyMicros = source.portLatencyMicros() + target.portLatencyMicros();
        links.add(new Link(from, true, source.portBytesPerSecond()));
        for (Domain domain : above) {
            if (aboveTarget.contains(domain)) {
                break;
            }
            links.add(new Link(domain.name(), true, domain.uplinkBytesPerSecond()));
            latencyMicros += domain.latencyMicros();
        }
        for (Domain domain : aboveTarget.reversed()) {
            if (!above.contains(domain)) {
                links.add(new Link(domain.name(), false, domain.uplinkBytesPerSecond()));
                latencyMicros += domain.latencyMicros();
            }
        }
        links.add(new Link(to, false, target.portBytesPerSecond()));
        return new Route(links, latencyMicros);
    }

    /// Capacity of the narrowest link.
    public double bytesPerSecond() {
        return links.stream().mapToDouble(Link::bytesPerSecond).min().orElse(Double.POSITIVE_INFINITY);
    }

    /// Time of one message when nothing else travels.
    public double transferMicros(long bytes) {
        return latencyMicros + bytes / bytesPerSecond() * 1e6;
    }
}
