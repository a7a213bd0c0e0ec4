package dev.pipelinejob.placement.simulate;

import dev.pipelinejob.placement.cost.Link;
import dev.pipelinejob.placement.cost.Route;
import dev.pipelinejob.placement.topology.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// When messages arrive: links as capacities, first come, first served.
final class Network {
    private final Topology topology;
    private final List<String> slots;
    private final Map<WorkerPair, Route> routes = new HashMap<>();
    private final Map<Link, Double> freeAtMicros = new HashMap<>();

    Network(Topology topology, List<String> slots) {
        this.topology = topology;
        this.slots = slots;
    }

    /// Occupies the links of a message and returns when it arrives.
    double send(WorkerPair pair, long bytes, double nowMicros) {
        Route route = routes.computeIfAbsent(
                pair, key -> Route.between(topology, slots.get(key.from()), slots.get(key.to())));
        double startMicros = nowMicros;
        for (Link link : route.links()) {
            startMicros = Math.max(startMicros, freeAtMicros.getOrDefault(link, 0.0));
        }
        for (Link link : route.links()) {
            freeAtMicros.put(link, startMicros + bytes / link.bytesPerSecond() * 1e6);
        }
        return startMicros + route.transferMicros(bytes);
    }
}
