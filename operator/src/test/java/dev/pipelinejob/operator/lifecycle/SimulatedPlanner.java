package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.operator.lifecycle.PlanReference.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Plans beside the rounds, as the real desk does: it keeps the workers that are there and takes free places for the
/// others, as many as the job may have and at least as many as it needs.
final class SimulatedPlanner {
    private final SimulatedCluster cluster;
    private final int most;
    private final int least;
    private final int spares;
    private Decision.@Nullable Plan asked;
    private Instant answersAt = Instant.MAX;
    private @Nullable PlanReference plan;
    private PlanningState.@Nullable Infeasible infeasible;
    private List<String> avoided = List.of();

    SimulatedPlanner(SimulatedCluster cluster, int least, int most, int spares) {
        this.cluster = cluster;
        this.least = least;
        this.most = most;
        this.spares = spares;
    }

    void ask(Decision.Plan question) {
        if (asked == null) {
            asked = question;
            avoided = question.avoidNodes();
            answersAt = cluster.now.plus(SimulatedCluster.TICK.multipliedBy(cluster.random.nextInt(4)));
        }
    }

    /// An attempt was claimed with these places.
    void seated(PlanReference claimed) {
        if (plan != null && plan.digest().equals(claimed.digest())) {
            cluster.takeovers += claimed.places().equals(plan.places()) ? 0 : 1;
            plan = claimed;
        }
    }

    /// Its operator is gone, and what it knew with it.
    void forget() {
        asked = null;
        plan = null;
        infeasible = null;
    }

    PlanningState state(Set<String> lost) {
        if (asked != null && !cluster.now.isBefore(answersAt)) {
            answer(asked, lost);
            asked = null;
        }
        if (plan == null || infeasible != null) {
            if (asked != null) {
                return new PlanningState.InProgress();
            }
            return infeasible == null
                    ? new PlanningState.NotAsked()
                    : new PlanningState.Infeasible(
                            infeasible.sentence(), false, infeasible.answeredAt(), cluster.random.nextInt(8) == 0);
        }
        PlanningState.Lacking lacking = asked == null && plan.spares().size() < spares
                ? new PlanningState.Lacking(cluster.now, cluster.random.nextInt(8) == 0, avoided)
                : null;
        return new PlanningState.Proposed(plan, false, closed(plan, lost), asked != null, lacking);
    }

    private List<Integer> closed(PlanReference proposed, Set<String> lost) {
        List<Integer> closed = new ArrayList<>();
        for (Place place : proposed.all()) {
            SimulatedNode node = cluster.node(place.node());
            SimulatedPod own = cluster.newest(place.slot());
            boolean held = own != null && own.node.equals(node.name) && own.state != SimulatedPod.State.ENDED;
            if (lost.contains(node.name) || node.cordoned || (!held && cluster.freeOn(node) < 1)) {
                closed.add(place.slot());
            }
        }
        return closed;
    }

    private void answer(Decision.Plan question, Set<String> lost) {
        List<Place> places = new ArrayList<>();
        for (int slot : question.keep()) {
            SimulatedPod pod = cluster.newest(slot);
            if (pod != null) {
                places.add(new Place(slot, pod.node));
            }
        }
        TreeSet<Integer> taken = new TreeSet<>(question.keep());
        for (SimulatedNode node : cluster.nodes) {
            boolean usable = !node.cordoned
                    && !lost.contains(node.name)
                    && !question.avoidNodes().contains(node.name);
            for (int i = 0; usable && i < cluster.freeOn(node); i++) {
                int slot = 0;
                while (taken.contains(slot)) {
                    slot++;
                }
                taken.add(slot);
                places.add(new Place(slot, node.name));
            }
        }
        if (places.size() < least) {
            Instant now = cluster.now;
            infeasible = new PlanningState.Infeasible(
                    "Room for %d of %d.".formatted(places.size(), least), false, now, false);
            return;
        }
        int ranks = Math.min(most, places.size());
        infeasible = null;
        plan = new PlanReference(
                "plan-" + ranks,
                places.subList(0, ranks),
                places.subList(ranks, Math.min(places.size(), ranks + spares)));
        assertThat(plan.places())
                .as("avoided nodes get no new worker")
                .noneMatch(place -> question.avoidNodes().contains(place.node())
                        && !question.keep().contains(place.slot()));
    }
}
