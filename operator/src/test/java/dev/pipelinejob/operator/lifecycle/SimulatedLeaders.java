package dev.pipelinejob.operator.lifecycle;

import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The operator processes of one job: the leader, which may be stopped in the middle of any round, and perhaps an old
/// leader that was paused and wakes up later.
final class SimulatedLeaders {
    private final SimulatedCluster cluster;
    private final SimulatedPlanner planner;
    private final SimulatedJournal journals = new SimulatedJournal();
    private final Random random;
    private @Nullable SimulatedOperator leader;
    private @Nullable SimulatedOperator paused;
    private @Nullable Round last;

    SimulatedLeaders(SimulatedCluster cluster, SimulatedPlanner planner) {
        this.cluster = cluster;
        this.planner = planner;
        this.random = cluster.random;
    }

    void round(JobFacts job, boolean calm) {
        if (!calm && paused != null && random.nextInt(40) == 0) {
            wake(paused, job);
            paused = null;
        }
        SimulatedOperator present = leader;
        if (present == null) {
            if (!calm && random.nextInt(8) != 0) {
                return;
            }
            cluster.note("an operator begins");
            present = new SimulatedOperator(cluster, journals, planner);
            leader = present;
        }
        if (random.nextInt(3) == 0) {
            // It has other jobs too.
            return;
        }
        boolean stops = !calm && random.nextInt(150) == 0;
        if (!present.round(job, stops ? random.nextInt(3) : Integer.MAX_VALUE)) {
            cluster.note("the operator is superseded");
            leader = null;
            planner.forget();
            return;
        }
        last = present.last;
        if (stops) {
            leader = null;
            planner.forget();
            boolean wakes = random.nextBoolean();
            cluster.note(wakes ? "the operator is paused in the middle of it" : "the operator dies");
            paused = wakes ? present : paused;
        } else if (!calm && random.nextInt(300) == 0) {
            cluster.note("all streams break");
            present.loseStreams();
        }
    }

    /// What it had kept the journal for it still does. What it wants to write next is refused, since another one took
    /// the journal over.
    private void wake(SimulatedOperator old, JobFacts job) {
        cluster.note("the old operator wakes up");
        old.wake();
        if (leader != null && old.round(job, 0)) {
            cluster.note("the old operator finds nothing to write");
        }
    }

    Journal journal() {
        return journals.read();
    }

    String last() {
        return String.valueOf(Objects.requireNonNullElse(last, "no round"));
    }
}
