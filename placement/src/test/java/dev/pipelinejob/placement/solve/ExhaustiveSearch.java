package dev.pipelinejob.placement.solve;

import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The oracle: tries every cut on every choice of slots and adds up costs from their definitions, sharing no code
/// with the planner.
final class ExhaustiveSearch {
    private final ModelGraph graph;
    private final Topology topology;
    private final ScheduleKind schedule;
    private final int microBatches;
    private final boolean rematerialize;
    private final boolean anyOrder;
    private final List<Slot> slots;
    private double best;

    ExhaustiveSearch(PlacementProblem problem, ScheduleKind schedule, boolean rematerialize, boolean anyOrder) {
        this.graph = problem.graph();
        this.topology = problem.topology();
        this.schedule = schedule;
        this.microBatches = problem.microBatches();
        this.rematerialize = rematerialize;
        this.anyOrder = anyOrder;
        this.slots = topology.slots();
    }

    /// The least bottleneck with a number of stages; infinite when none fits.
    double bottleneckMicros(int stages) {
        best = Double.POSITIVE_INFINITY;
        choose(stages, new ArrayList<>(), new ArrayList<>());
        return best;
    }

    private void choose(int stages, List<Integer> ends, List<Integer> chosen) {
        if (chosen.size() == stages) {
            if (ends.getLast() == graph.layers().size()) {
                best = Math.min(best, judge(ends, chosen));
            }
            return;
        }
        int from = ends.isEmpty() ? 0 : ends.getLast();
        for (int end = from + 1; end <= graph.layers().size(); end++) {
            for (int slot = 0; slot < slots.size(); slot++) {
                boolean allowed = anyOrder ? !chosen.contains(slot) : chosen.isEmpty() || slot > chosen.getLast();
                if (allowed) {
                    ends.add(end);
                    chosen.add(slot);
                    choose(stages, ends, chosen);
                    ends.removeLast();
                    chosen.removeLast();
                }
            }
        }
    }

    private double judge(List<Integer> ends, List<Integer> chosen) {
        int stages = ends.size();
        double worst = 0;
        Map<String, Double> upBytes = new HashMap<>();
        Map<String, Double> downBytes = new HashMap<>();
        Map<String, Double> work = new HashMap<>();
        for (int stage = 0; stage < stages; stage++) {
            Slot slot = slots.get(chosen.get(stage));
            int from = stage == 0 ? 0 : ends.get(stage - 1);
            List<Layer> layers = graph.layers().subList(from, ends.get(stage));
            if (memory(layers, from, ends.get(stage), stages - stage) > slot.memoryBytes()) {
                return Double.POSITIVE_INFINITY;
            }
            double micros = 0;
            for (Layer layer : layers) {
                micros += layer.forwardMicros() * (rematerialize ? 2 : 1) + layer.backwardMicros();
            }
            micros /= slot.relativeSpeed();
            worst = Math.max(worst, micros);
            for (Domain domain : topology.ancestors(slot.name())) {
                work.merge(domain.name(), micros, Double::sum);
            }
            if (stage > 0) {
                double bytes = graph.layers().get(from - 1).activationBytes();
                cross(slots.get(chosen.get(stage - 1)), slot, bytes, upBytes, downBytes);
                cross(slot, slots.get(chosen.get(stage - 1)), bytes, upBytes, downBytes);
            }
        }
        for (Slot slot : slots) {
            double bytes = Math.max(upBytes.getOrDefault(slot.name(), 0.0), downBytes.getOrDefault(slot.name(), 0.0));
            worst = Math.max(worst, bytes / slot.portBytesPerSecond() * 1e6);
        }
        for (Domain domain : topology.domains()) {
            double bytes =
                    Math.max(upBytes.getOrDefault(domain.name(), 0.0), downBytes.getOrDefault(domain.name(), 0.0));
            worst = Math.max(worst, bytes / domain.uplinkBytesPerSecond() * 1e6);
            if (domain.computeCores() > 0) {
                worst = Math.max(worst, work.getOrDefault(domain.name(), 0.0) / domain.computeCores());
            }
        }
        return worst;
    }

    private void cross(Slot from, Slot to, double bytes, Map<String, Double> up, Map<String, Double> down) {
        List<Domain> sources = topology.ancestors(from.name());
        List<Domain> targets = topology.ancestors(to.name());
        up.merge(from.name(), bytes, Double::sum);
        down.merge(to.name(), bytes, Double::sum);
        sources.stream()
                .filter(domain -> !targets.contains(domain))
                .forEach(domain -> up.merge(domain.name(), bytes, Double::sum));
        targets.stream()
                .filter(domain -> !sources.contains(domain))
                .forEach(domain -> down.merge(domain.name(), bytes, Double::sum));
    }

    private long memory(List<Layer> layers, int from, int end, int stagesToEnd) {
        long parameters = layers.stream().mapToLong(Layer::parameterBytes).sum();
        long stash = layers.stream().mapToLong(Layer::stashBytes).sum();
        long workspace = layers.stream().mapToLong(Layer::workspaceBytes).max().orElse(0);
        long input = from == 0 ? 0 : graph.layers().get(from - 1).activationBytes();
        long output =
                end == graph.layers().size() ? 0 : graph.layers().get(end - 1).activationBytes();
        boolean gpipe = schedule == ScheduleKind.GPIPE;
        long inFlight = gpipe ? microBatches : Math.min(microBatches, stagesToEnd);
        long waiting = gpipe ? 0 : Math.min(microBatches, stagesToEnd + 1) - inFlight;
        long held = rematerialize ? input : Math.max(stash, input);
        return parameters / 4 * 16
                + inFlight * (held + output)
                + waiting * input
                + workspace
                + (rematerialize ? stash : 0);
    }
}
