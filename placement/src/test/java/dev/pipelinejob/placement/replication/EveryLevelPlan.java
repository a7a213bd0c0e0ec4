package dev.pipelinejob.placement.replication;

import dev.pipelinejob.placement.workload.PipeDreamProfile;
import java.util.List;

/// Tries every way to nest stages in stages of a small model in PipeDream's cost model. Written from the definition.
final class EveryLevelPlan {
    private static final double MILLIS_PER_SECOND = 1000;

    private final PipeDreamProfile profile;
    private final List<MachineLevel> levels;

    EveryLevelPlan(PipeDreamProfile profile, List<MachineLevel> levels) {
        this.profile = profile;
        this.levels = levels;
    }

    double least() {
        int counted = 0;
        for (int layer = 0; layer < profile.layers().size(); layer++) {
            counted |= profile.layers().get(layer).counts() ? 1 << layer : 0;
        }
        int top = levels.size() - 1;
        return group(top, 0, counted, levels.get(top).machines(), true);
    }

    /// The least largest time of stages that run some layers, behind others that are done.
    private double group(int level, int done, int todo, int machines, boolean first) {
        if (todo == 0) {
            return 0;
        }
        double least = Double.POSITIVE_INFINITY;
        for (int stage = todo; stage > 0; stage = (stage - 1) & todo) {
            if (!isFedBy(stage, done | ~(todo | done))) {
                continue;
            }
            double inside = inside(level, done, stage);
            for (int replicas = 1; replicas <= machines; replicas++) {
                double time = time(level, stage, inside, replicas, first);
                if (time < least) {
                    double rest = group(level, done | stage, todo & ~stage, machines - replicas, false);
                    least = Math.min(least, Math.max(time, rest));
                }
            }
        }
        return least;
    }

    private double inside(int level, int done, int stage) {
        if (level > 0) {
            return group(level - 1, done, stage, levels.get(level - 1).machines(), true);
        }
        double millis = 0;
        for (int layer = 0; layer < profile.layers().size(); layer++) {
            millis += (stage >> layer & 1) == 1 ? profile.layers().get(layer).millis() : 0;
        }
        return millis;
    }

    private double time(int level, int stage, double inside, int replicas, boolean first) {
        double bytes = 0;
        for (int layer = 0; layer < profile.layers().size(); layer++) {
            bytes += (stage >> layer & 1) == 1 ? profile.layers().get(layer).parameterBytes() : 0;
        }
        double sync = 4 * bytes * (replicas - 1) / replicas / levels.get(level).bandwidthBytesPerSecond();
        double links = first && level > 0 ? levels.get(level - 1).machines() : 1;
        return (inside + sync * MILLIS_PER_SECOND / links) / replicas;
    }

    /// Whether all that a set reads from is in it or done before.
    private boolean isFedBy(int stage, int done) {
        for (PipeDreamProfile.Edge edge : profile.edges()) {
            boolean counts = profile.layers().get(edge.source()).counts();
            if (counts && (stage >> edge.target() & 1) == 1 && ((stage | done) >> edge.source() & 1) == 0) {
                return false;
            }
        }
        return true;
    }
}
