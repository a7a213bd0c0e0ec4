package dev.pipelinejob.placement.replication;

import dev.pipelinejob.placement.workload.PiperProfile;
import java.util.BitSet;
import java.util.List;

/// Tries every plan of a small model in Piper's cost model. Written from the definition.
final class EveryStagePlan {
    private static final int MOST_DEGREE = 3;

    private final PiperProfile profile;
    private final int devices;
    private final int microBatches;

    EveryStagePlan(PiperProfile profile) {
        this.profile = profile;
        this.devices = profile.fleet().devices();
        this.microBatches = profile.fleet().microBatches();
    }

    /// The least time a sample of the slowest stage; infinite when nothing fits.
    double least() {
        return least(new BitSet(), devices, 0);
    }

    /// The least value of what comes before a rest that is planned.
    private double least(BitSet rest, int left, int replicasBehind) {
        int nodes = profile.nodes().size();
        if (rest.cardinality() == nodes) {
            return 0;
        }
        double least = Double.POSITIVE_INFINITY;
        for (int mask = 1; mask < 1 << nodes; mask++) {
            BitSet stage = BitSet.valueOf(new long[] {mask});
            BitSet larger = (BitSet) rest.clone();
            larger.or(stage);
            if (stage.intersects(rest) || !isRest(larger)) {
                continue;
            }
            for (int degree = 1; degree <= MOST_DEGREE; degree++) {
                for (int replicas = 1; replicas * degree <= left; replicas++) {
                    int behind = replicasBehind + replicas;
                    boolean allowed = microBatches % replicas == 0 && behind <= Math.min(devices, microBatches);
                    double time = allowed
                            ? stage(stage, degree, replicas, Math.ceilDiv(behind, replicas), 0, new int[nodes])
                            : Double.POSITIVE_INFINITY;
                    if (time < least) {
                        double before = least(larger, left - replicas * degree, behind);
                        least = Math.min(least, Math.max(time, before));
                    }
                }
            }
        }
        return least;
    }

    private boolean isRest(BitSet set) {
        return profile.edges().stream().noneMatch(edge -> set.get(edge.source()) && !set.get(edge.target()));
    }

    private double stage(BitSet stage, int degree, int replicas, int inFlight, int from, int[] ways) {
        int node = stage.nextSetBit(from);
        if (node < 0) {
            return judge(stage, degree, replicas, inFlight, ways);
        }
        double least = Double.POSITIVE_INFINITY;
        for (int way = 0; way < profile.nodes().get(node).choices(degree).size(); way++) {
            ways[node] = way;
            least = Math.min(least, stage(stage, degree, replicas, inFlight, node + 1, ways));
        }
        return least;
    }

    private double judge(BitSet stage, int degree, int replicas, int inFlight, int[] ways) {
        double seconds = 0;
        double memory = 0;
        for (int node = stage.nextSetBit(0); node >= 0; node = stage.nextSetBit(node + 1)) {
            List<PiperProfile.Choice> choices = profile.nodes().get(node).choices(degree);
            PiperProfile.Choice way = choices.get(ways[node]);
            double bytes = 0;
            for (PiperProfile.Edge edge : profile.edges()) {
                if (edge.target() == node && !stage.get(edge.source())) {
                    bytes += 2 * (edge.bytes() + way.forwardBytes(edge.source()));
                }
                if (edge.source() == node && !stage.get(edge.target())) {
                    bytes += 2 * (edge.bytes() + way.backwardBytes(edge.target()));
                }
            }
            double resync = 4.0 * (replicas - 1) / replicas * way.parameterBytes() / microBatches;
            seconds += way.secondsPerSample() / replicas
                    + (bytes / replicas + resync) / profile.fleet().bandwidthBytesPerSecond();
            memory += way.bytesPerMicroBatch() * inFlight + way.bytes();
        }
        return memory <= profile.fleet().memoryBytes() ? seconds : Double.POSITIVE_INFINITY;
    }
}
