package dev.pipelinejob.placement.replication;

import dev.pipelinejob.placement.workload.PiperProfile;
import java.util.HashMap;
import java.util.Map;

/// What one set of layers costs as a stage of one tensor degree, for any number of replicas.
///
/// With d replicas a sample takes shared / d + (1 - 1/d) × sync, where shared is work and transfers of its ways, and
/// sync what it takes to bring their parameters into line.
final class Stage {
    private final Layers layers;
    private final int degree;
    private final int[] members;
    private double leastShared;
    private double leastSync;
    private boolean possible = true;
    private final double[][] shared;
    private final Map<Long, Known> known = new HashMap<>();
    private final Map<Integer, Fastest> fastest = new HashMap<>();
    private final Map<Integer, Double> leanest = new HashMap<>();

    /// Each layer in its fastest way.
    private record Fastest(double seconds, double bytesPerMicroBatch, double bytes) {}

    /// What is known of the least time that fits into memory.
    private record Known(double lower, double upper, boolean refined) {
        static Known of(WayChoice choice, boolean refined) {
            return new Known(choice.lower(), choice.upper(), refined);
        }
    }

    /// @param degree index of the tensor degree
    /// @param isMember whether a layer is in the stage
    Stage(Layers layers, int degree, int[] members, boolean[] isMember) {
        this.layers = layers;
        this.degree = degree;
        this.members = members;
        this.shared = new double[members.length][];
        for (int index = 0; index < members.length && possible; index++) {
            Layers.Way[] ways = layers.ways(degree, members[index]);
            shared[index] = new double[ways.length];
            double least = Double.POSITIVE_INFINITY;
            double sync = Double.POSITIVE_INFINITY;
            for (int way = 0; way < ways.length; way++) {
                shared[index][way] = ways[way].seconds() + transfers(members[index], ways[way], isMember);
                least = Math.min(least, shared[index][way]);
                sync = Math.min(sync, ways[way].syncSeconds());
            }
            possible = ways.length > 0;
            leastShared += least;
            leastSync += sync;
        }
    }

    private double transfers(int layer, Layers.Way way, boolean[] isMember) {
        double seconds = 0;
        int[] sources = layers.sources(layer);
        for (int edge = 0; edge < sources.length; edge++) {
            seconds += isMember[sources[edge]] ? 0 : way.inSeconds()[edge];
        }
        int[] targets = layers.targets(layer);
        for (int edge = 0; edge < targets.length; edge++) {
            seconds += isMember[targets[edge]] ? 0 : way.outSeconds()[edge];
        }
        return seconds;
    }

    /// Whether every layer can be split to this degree.
    boolean isPossible() {
        return possible;
    }

    int[] members() {
        return members;
    }

    /// No choice of ways takes less with so many replicas.
    double leastSeconds(int replicas) {
        return leastShared / replicas + (replicas - 1) * leastSync / replicas;
    }

    private double seconds(int index, int way, int replicas) {
        double sync = layers.ways(degree, members[index])[way].syncSeconds();
        return shared[index][way] / replicas + (replicas - 1) * sync / replicas;
    }

    private Fastest fastest(int replicas) {
        return fastest.computeIfAbsent(replicas, _ -> {
            double sum = 0;
            double bytesPerMicroBatch = 0;
            double bytes = 0;
            for (int index = 0; index < members.length; index++) {
                Layers.Way[] ways = layers.ways(degree, members[index]);
                int best = 0;
                for (int way = 1; way < ways.length; way++) {
                    best = seconds(index, way, replicas) < seconds(index, best, replicas) ? way : best;
                }
                sum += seconds(index, best, replicas);
                bytesPerMicroBatch += ways[best].bytesPerMicroBatch();
                bytes += ways[best].bytes();
            }
            return new Fastest(sum, bytesPerMicroBatch, bytes);
        });
    }

    /// Bytes of all layers, each in its leanest way.
    private double leanest(int inFlight) {
        return leanest.computeIfAbsent(inFlight, _ -> {
            double sum = 0;
            for (int member : members) {
                double least = Double.POSITIVE_INFINITY;
                for (Layers.Way way : layers.ways(degree, member)) {
                    least = Math.min(least, way.bytesPerMicroBatch() * inFlight + way.bytes());
                }
                sum += least;
            }
            return sum;
        });
    }

    /// How sure it is that a stage keeps a limit.
    enum Answer {
        YES,
        NO,
        /// Neither a choice of ways within the limit nor a proof that there is none was found.
        OPEN
    }

    /// Whether a sample takes at most so long with so many micro-batches in flight.
    Answer keeps(double limit, int replicas, int inFlight) {
        Fastest plain = fastest(replicas);
        if (plain.seconds() > limit) {
            return Answer.NO;
        }
        double memory = layers.profile().fleet().memoryBytes();
        if (plain.bytesPerMicroBatch() * inFlight + plain.bytes() <= memory) {
            return Answer.YES;
        }
        if (leanest(inFlight) > memory) {
            return Answer.NO;
        }
        long key = (long) replicas << Integer.SIZE | inFlight;
        Known least = known.computeIfAbsent(key, _ -> Known.of(choice(replicas, inFlight), false));
        if (least.lower() <= limit && least.upper() > limit && !least.refined()) {
            WayChoice choice = choice(replicas, inFlight);
            choice.refine();
            least = Known.of(choice, true);
            known.put(key, least);
        }
        if (least.upper() <= limit) {
            return Answer.YES;
        }
        return least.lower() > limit ? Answer.NO : Answer.OPEN;
    }

    /// The least time of a sample that was found so far, and the ways that take it.
    WayChoice best(int replicas, int inFlight) {
        WayChoice choice = choice(replicas, inFlight);
        Known least = known.get((long) replicas << Integer.SIZE | inFlight);
        if (least != null && least.refined()) {
            choice.refine();
        }
        return choice;
    }

    private WayChoice choice(int replicas, int inFlight) {
        double[][] seconds = new double[members.length][];
        double[][] bytes = new double[members.length][];
        for (int index = 0; index < members.length; index++) {
            Layers.Way[] ways = layers.ways(degree, members[index]);
            seconds[index] = new double[ways.length];
            bytes[index] = new double[ways.length];
            for (int way = 0; way < ways.length; way++) {
                seconds[index][way] = seconds(index, way, replicas);
                bytes[index][way] = ways[way].bytesPerMicroBatch() * inFlight + ways[way].bytes();
            }
        }
        return new WayChoice(seconds, bytes, layers.profile().fleet().memoryBytes());
    }

    /// Name of the way that a choice has for a member.
    String way(WayChoice choice, int index) {
        PiperProfile.Node node = layers.profile().nodes().get(members[index]);
        return node.choices(layers.degrees()[degree]).get(choice.ways()[index]).id();
    }
}
