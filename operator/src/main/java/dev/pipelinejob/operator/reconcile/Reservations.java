package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.operator.observe.PodFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The places that plans have taken and whose pods may not be there yet, of all jobs: so that no two plans count on
/// the same room.
public final class Reservations {
    private final Map<String, List<PodFacts>> byJob = new TreeMap<>();
    private long revision;

    /// Everybody's pods, and one more for each reserved place whose pod is not among them.
    ///
    /// @param except the job whose own reservation does not count
    synchronized List<PodFacts> with(Collection<PodFacts> pods, String except) {
        Map<Seat, Integer> there = new HashMap<>();
        for (PodFacts pod : pods) {
            if (!pod.jobUid().isEmpty()) {
                there.merge(new Seat(pod.jobUid(), pod.node()), 1, Integer::sum);
            }
        }
        List<PodFacts> all = new ArrayList<>(pods);
        byJob.forEach((job, reserved) -> {
            if (!job.equals(except)) {
                for (PodFacts place : reserved) {
                    Seat seat = new Seat(job, place.node());
                    if (there.merge(seat, -1, Integer::sum) < 0) {
                        all.add(place);
                    }
                }
            }
        });
        return all;
    }

    private record Seat(String jobUid, String node) {}

    /// Takes places for a job in one go; what it held before is given back.
    ///
    /// @param wanted makes the places, or null when they are not free any more; nobody else takes any meanwhile
    /// @return whether they are taken
    synchronized boolean take(String jobUid, Supplier<@Nullable List<PodFacts>> wanted) {
        List<PodFacts> places = wanted.get();
        if (places == null) {
            return false;
        }
        byJob.put(jobUid, List.copyOf(places));
        revision++;
        return true;
    }

    /// Gives back all that a job holds.
    synchronized void release(String jobUid) {
        if (byJob.remove(jobUid) != null) {
            revision++;
        }
    }

    /// Grows with every change.
    synchronized long revision() {
        return revision;
    }
}
