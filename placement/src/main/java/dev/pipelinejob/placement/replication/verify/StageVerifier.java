package dev.pipelinejob.placement.replication.verify;

import dev.pipelinejob.placement.workload.PiperProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Checks replicated, tensor-parallel and recomputed stages in Piper's cost model: every rule again.
public final class StageVerifier {
    private static final double TOLERANCE = 1e-9;

    private final PiperProfile profile;
    private final List<Stage> stages;
    private final List<String> findings = new ArrayList<>();
    private final int[] stageOf;

    private StageVerifier(PiperProfile profile, List<Stage> stages) {
        this.profile = profile;
        this.stages = stages;
        this.stageOf = new int[profile.nodes().size()];
    }

    /// One stage of a plan.
    ///
    /// @param tensorDegree devices that share each of its layers
    /// @param replicas how many such groups there are
    /// @param choiceOfNode how each of its layers is computed
    public record Stage(int tensorDegree, int replicas, Map<String, String> choiceOfNode) {
        public Stage {
            choiceOfNode = Map.copyOf(choiceOfNode);
        }
    }

    /// What a plan claims.
    ///
    /// @param stages first to last
    /// @param value seconds a sample of the slowest stage
    /// @param lowerBound the bound that goes with it
    /// @param optimal whether it claims to be proved
    public record Claim(List<Stage> stages, double value, double lowerBound, boolean optimal) {
        public Claim {
            stages = List.copyOf(stages);
        }
    }

    /// Everything that does not hold, each as one sentence; empty when all holds.
    public static List<String> check(PiperProfile profile, Claim claim) {
        StageVerifier verifier = new StageVerifier(profile, claim.stages());
        verifier.requireComplete();
        if (!verifier.findings.isEmpty()) {
            return verifier.findings;
        }
        verifier.requireOrder();
        verifier.requireDevices();
        ClaimedValue claimed = new ClaimedValue(claim.value(), claim.lowerBound(), claim.optimal());
        verifier.findings.addAll(claimed.check(verifier.value(), "s a sample"));
        return verifier.findings;
    }

    private void requireComplete() {
        Map<String, Integer> seen = new HashMap<>();
        for (int stage = 0; stage < stages.size(); stage++) {
            for (String id : new TreeMap<>(stages.get(stage).choiceOfNode()).keySet()) {
                if (seen.put(id, stage) != null) {
                    findings.add("Node " + id + " is in two stages.");
                }
            }
        }
        for (int node = 0; node < stageOf.length; node++) {
            String id = profile.nodes().get(node).id();
            Integer stage = seen.remove(id);
            if (stage == null) {
                findings.add("Node " + id + " is in no stage.");
                continue;
            }
            stageOf[node] = stage;
            if (choice(node) == null) {
                findings.add("Node " + id + " has no choice "
                        + stages.get(stage).choiceOfNode().get(id) + " of degree "
                        + stages.get(stage).tensorDegree() + ".");
            }
        }
        new TreeMap<>(seen).keySet().forEach(id -> findings.add("Node " + id + " is not in the profile."));
    }

    private PiperProfile.@Nullable Choice choice(int node) {
        Stage stage = stages.get(stageOf[node]);
        PiperProfile.Node layer = profile.nodes().get(node);
        String name = stage.choiceOfNode().get(layer.id());
        return layer.choices(stage.tensorDegree()).stream()
                .filter(choice -> choice.id().equals(name))
                .findFirst()
                .orElse(null);
    }

    private void requireOrder() {
        for (PiperProfile.Edge edge : profile.edges()) {
            if (stageOf[edge.source()] > stageOf[edge.target()]) {
                findings.add("Node " + profile.nodes().get(edge.target()).id() + " of stage "
                        + stageOf[edge.target()] + " reads from node "
                        + profile.nodes().get(edge.source()).id() + " of the later stage " + stageOf[edge.source()]
                        + ".");
            }
        }
    }

    private void requireDevices() {
        long devices = 0;
        long replicas = 0;
        int microBatches = profile.fleet().microBatches();
        for (int stage = 0; stage < stages.size(); stage++) {
            int own = stages.get(stage).replicas();
            if (own < 1 || microBatches % own != 0) {
                findings.add("Stage " + stage + " has " + own + " replicas, which do not divide " + microBatches
                        + " micro-batches.");
            }
            devices += (long) own * stages.get(stage).tensorDegree();
            replicas += own;
        }
        if (devices > profile.fleet().devices()) {
            findings.add("The stages take " + devices + " devices, but there are "
                    + profile.fleet().devices() + ".");
        }
        if (replicas > microBatches) {
            findings.add("The stages have " + replicas + " replicas, but a batch has only " + microBatches
                    + " micro-batches.");
        }
    }

    private double value() {
        double value = 0;
        long replicasFromHere = 0;
        for (int stage = stages.size() - 1; stage >= 0; stage--) {
            int own = Math.max(1, stages.get(stage).replicas());
            replicasFromHere += own;
            requireMemory(stage, (replicasFromHere + own - 1) / own);
            value = Math.max(value, seconds(stage, own));
        }
        return value;
    }

    private void requireMemory(int stage, long inFlight) {
        double bytes = 0;
        for (int node = 0; node < stageOf.length; node++) {
            PiperProfile.Choice choice = stageOf[node] == stage ? choice(node) : null;
            if (choice != null) {
                bytes += choice.bytesPerMicroBatch() * inFlight + choice.bytes();
            }
        }
        double memory = profile.fleet().memoryBytes();
        if (bytes > memory * (1 + TOLERANCE * TOLERANCE)) {
            findings.add("The devices of stage " + stage + " need " + bytes + " bytes, but each has " + memory + ".");
        }
    }

    private double seconds(int stage, int replicas) {
        double work = 0;
        double transferred = 0;
        double parameters = 0;
        for (int node = 0; node < stageOf.length; node++) {
            PiperProfile.Choice choice = stageOf[node] == stage ? choice(node) : null;
            if (choice != null) {
                work += choice.secondsPerSample();
                parameters += choice.parameterBytes();
            }
        }
        for (PiperProfile.Edge edge : profile.edges()) {
            PiperProfile.Choice source = choice(edge.source());
            PiperProfile.Choice target = choice(edge.target());
            boolean leaves = stageOf[edge.source()] == stage;
            boolean enters = stageOf[edge.target()] == stage;
            if (source != null && leaves && !enters) {
                transferred += 2 * (edge.bytes() + source.backwardBytes(edge.target()));
            }
            if (target != null && enters && !leaves) {
                transferred += 2 * (edge.bytes() + target.forwardBytes(edge.source()));
            }
        }
        double aligned = 4 * parameters * (replicas - 1) / profile.fleet().microBatches();
        return (work + (transferred + aligned) / profile.fleet().bandwidthBytesPerSecond()) / replicas;
    }
}
