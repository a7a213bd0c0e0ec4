package dev.pipelinejob.placement.replication.verify;

import dev.pipelinejob.placement.workload.PipeDreamProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Checks stages within stages in PipeDream's cost model: every rule again, from nothing but layers and edges.
public final class LevelVerifier {
    private static final double MILLIS_PER_SECOND = 1000;

    private final PipeDreamProfile profile;
    private final List<Level> levels;
    private final Map<String, Integer> numberOf = new HashMap<>();
    private final Map<String, Integer> stageOf = new HashMap<>();
    private final List<String> findings = new ArrayList<>();

    private LevelVerifier(PipeDreamProfile profile, List<Level> levels) {
        this.profile = profile;
        this.levels = levels;
        for (PipeDreamProfile.Layer layer : profile.layers()) {
            numberOf.put(layer.id(), numberOf.size());
        }
    }

    /// So many groups of the level below, linked alike.
    public record Level(int machines, double bandwidthBytesPerSecond) {}

    /// One stage of a plan.
    ///
    /// @param replicas groups of the level below that run the same
    /// @param parts what each of them runs; empty at the innermost level
    /// @param layers what is in it, at the innermost level
    public record Part(int replicas, List<Part> parts, List<String> layers) {
        public Part {
            parts = List.copyOf(parts);
            layers = List.copyOf(layers);
        }
    }

    /// What a plan claims.
    ///
    /// @param parts of the outermost level, first to last
    /// @param value milliseconds a minibatch of the slowest stage
    /// @param lowerBound the bound that goes with it
    /// @param optimal whether it claims to be proved
    public record Claim(List<Part> parts, double value, double lowerBound, boolean optimal) {
        public Claim {
            parts = List.copyOf(parts);
        }
    }

    /// Everything that does not hold, each as one sentence; empty when all holds.
    ///
    /// @param levels the innermost first
    public static List<String> check(PipeDreamProfile profile, List<Level> levels, Claim claim) {
        LevelVerifier verifier = new LevelVerifier(profile, levels);
        verifier.collect(claim.parts(), levels.size() - 1);
        verifier.requireComplete();
        if (!verifier.findings.isEmpty()) {
            return verifier.findings;
        }
        verifier.requireOrder();
        ClaimedValue claimed = new ClaimedValue(claim.value(), claim.lowerBound(), claim.optimal());
        verifier.findings.addAll(claimed.check(verifier.slowest(claim.parts(), levels.size() - 1), "ms a minibatch"));
        return verifier.findings;
    }

    private void collect(List<Part> parts, int level) {
        long machines = 0;
        for (Part part : parts) {
            if (part.replicas() < 1) {
                findings.add("A stage has " + part.replicas() + " replicas: at least 1 is needed.");
            }
            machines += part.replicas();
            if (level > 0 && part.layers().isEmpty() && !part.parts().isEmpty()) {
                collect(part.parts(), level - 1);
            } else if (level == 0 && part.parts().isEmpty()) {
                int stage = stageOf.values().stream()
                        .mapToInt(other -> other + 1)
                        .max()
                        .orElse(0);
                part.layers().forEach(layer -> put(layer, stage));
            } else {
                findings.add("The stages are not nested as deep as there are levels: " + levels.size() + ".");
            }
        }
        if (machines > levels.get(level).machines()) {
            findings.add("Stages of one group of level " + (level + 1) + " take " + machines
                    + " machines, but there are " + levels.get(level).machines() + ".");
        }
    }

    private void put(String layer, int stage) {
        if (!numberOf.containsKey(layer)) {
            findings.add("Layer " + layer + " is not in the profile.");
        } else if (stageOf.put(layer, stage) != null) {
            findings.add("Layer " + layer + " is in two stages.");
        }
    }

    private void requireComplete() {
        for (PipeDreamProfile.Layer layer : profile.layers()) {
            if (!stageOf.containsKey(layer.id())) {
                findings.add("Layer " + layer.id() + " is in no stage.");
            }
        }
    }

    private int stage(int layer) {
        return stageOf.getOrDefault(profile.layers().get(layer).id(), -1);
    }

    private void requireOrder() {
        for (PipeDreamProfile.Edge edge : profile.edges()) {
            if (stage(edge.source()) > stage(edge.target())) {
                findings.add("Layer " + profile.layers().get(edge.target()).id() + " of stage " + stage(edge.target())
                        + " reads from layer "
                        + profile.layers().get(edge.source()).id() + " of the later stage "
                        + stage(edge.source()) + ".");
            }
        }
    }

    /// Time of the slowest stage of one group.
    private double slowest(List<Part> parts, int level) {
        double slowest = 0;
        for (int index = 0; index < parts.size(); index++) {
            Part part = parts.get(index);
            double inside = level == 0 ? millis(part) : slowest(part.parts(), level - 1);
            int links = index == 0 && level > 0 ? levels.get(level - 1).machines() : 1;
            double moved = 4 * bytes(part) * (part.replicas() - 1) / part.replicas() / links;
            double sync = moved / levels.get(level).bandwidthBytesPerSecond() * MILLIS_PER_SECOND;
            slowest = Math.max(slowest, (inside + sync) / part.replicas());
        }
        return slowest;
    }

    private double millis(Part part) {
        return part.layers().stream()
                .map(layer -> profile.layers().get(numberOf.getOrDefault(layer, 0)))
                .filter(PipeDreamProfile.Layer::counts)
                .mapToDouble(PipeDreamProfile.Layer::millis)
                .sum();
    }

    private double bytes(Part part) {
        double inside = part.parts().stream().mapToDouble(this::bytes).sum();
        return inside
                + part.layers().stream()
                        .map(layer -> profile.layers().get(numberOf.getOrDefault(layer, 0)))
                        .filter(PipeDreamProfile.Layer::counts)
                        .mapToDouble(PipeDreamProfile.Layer::parameterBytes)
                        .sum();
    }
}
