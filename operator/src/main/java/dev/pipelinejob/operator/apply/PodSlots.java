package dev.pipelinejob.operator.apply;

import dev.pipelinejob.operator.drive.SlotDriver;
import dev.pipelinejob.operator.lifecycle.Leftover;
import dev.pipelinejob.operator.lifecycle.Presence;
import dev.pipelinejob.operator.lifecycle.Seat;
import dev.pipelinejob.operator.observe.PodPresence;
import dev.pipelinejob.operator.planning.AttemptRecord;
import dev.pipelinejob.operator.workers.AttemptConfigMaps.SeatedPod;
import dev.pipelinejob.operator.workers.SlotPods;
import dev.pipelinejob.placement.plan.Stage;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The slots of one job as pods: each is created once and never changed. What is there is read from the cache of pods;
/// what was just asked for is remembered until it shows up there. One thread uses it.
public final class PodSlots implements SlotDriver {
    /// What was replaced is fenced, so it need not end in peace.
    private static final long REPLACED_GRACE_SECONDS = 1;
    /// What is let go has nothing to save: when it had, that was done before.
    private static final long RELEASED_GRACE_SECONDS = 5;

    private static final Duration DELETE_AGAIN = Duration.ofSeconds(5);

    private final Kubernetes kubernetes;
    private final SlotPods builder;
    private final JobConfigMaps configMaps;
    private final Clock clock;
    private final SortedMap<Integer, Newest> bySlot = new TreeMap<>();
    private final Map<String, Instant> deleted = new HashMap<>();
    private final Map<Incarnation, String> refused = new ConcurrentHashMap<>();
    private final Map<Integer, Read> read = new HashMap<>();

    /// What a job's slots use of the cluster.
    ///
    /// @param cache the job's pods as they were last seen
    /// @param pods creates and deletes
    /// @param wake makes the job look again
    public record Kubernetes(Cache cache, PodWriter pods, Runnable wake) {}

    /// A job's pods as they were last seen.
    public interface Cache {
        /// All of them.
        List<Pod> all();

        /// Those of a slot; to be answered without a look at all where there are many.
        default List<Pod> ofSlot(int slot) {
            return all().stream().filter(pod -> PodPresence.slot(pod) == slot).toList();
        }
    }

    /// What is known of a slot besides the cache.
    ///
    /// @param incarnation the highest that was asked for or seen
    /// @param node where it was asked for or seen
    /// @param since when it was asked for
    /// @param seen whether it was in the cache once
    /// @param released whether the slot was ended
    private record Newest(int incarnation, String node, Instant since, boolean seen, boolean released) {}

    private record Incarnation(int slot, int number) {}

    /// What a slot's newest pod says; of a thousand, few change between two looks.
    private record Read(Pod pod, Presence presence) {}

    public PodSlots(Kubernetes kubernetes, SlotPods builder, JobConfigMaps configMaps, Clock clock) {
        this.kubernetes = kubernetes;
        this.builder = builder;
        this.configMaps = configMaps;
        this.clock = clock;
    }

    /// Learns from the newest attempt which pods there were, so that one that is gone is missed.
    public void adopt() throws IOException {
        List<AttemptRecord> attempts = attempts();
        if (!attempts.isEmpty()) {
            for (Seat seat : attempts.getLast().seats()) {
                bySlot.put(seat.slot(), new Newest(seat.incarnation(), seat.node(), clock.instant(), true, false));
            }
        }
    }

    @Override
    public void start(int slot, int incarnation, String node) {
        Newest known = known(slot, newestPod(slot));
        if (known != null && known.incarnation() >= incarnation) {
            return;
        }
        ofSlot(slot).forEach(older -> delete(older, REPLACED_GRACE_SECONDS));
        bySlot.put(slot, new Newest(incarnation, node, clock.instant(), false, false));
        kubernetes.pods().create(builder.pod(slot, incarnation, node), outcome -> {
            if (outcome instanceof PodWriter.Outcome.Refused(String sentence)) {
                refused.put(new Incarnation(slot, incarnation), sentence);
                kubernetes.wake().run();
            }
        });
    }

    @Override
    public void end(int slot, String reason) {
        Newest known = known(slot, newestPod(slot));
        if (known != null) {
            bySlot.put(slot, new Newest(known.incarnation(), known.node(), known.since(), known.seen(), true));
        }
        endReleased(slot);
    }

    private void endReleased(int slot) {
        ofSlot(slot).stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .forEach(pod -> delete(pod, RELEASED_GRACE_SECONDS));
    }

    /// Once, until it has had the time to show in the cache.
    private void delete(Pod pod, long graceSeconds) {
        Instant now = clock.instant();
        String uid = pod.getMetadata().getUid();
        Instant before = deleted.get(uid);
        if (before == null || now.isAfter(before.plus(DELETE_AGAIN))) {
            deleted.put(uid, now);
            kubernetes.pods().delete(pod, graceSeconds);
        }
    }

    @Override
    public void forceDelete(int slot, int incarnation) {
        for (Pod pod : ofSlot(slot)) {
            if (PodPresence.incarnation(pod) == incarnation) {
                deleted.remove(pod.getMetadata().getUid());
                delete(pod, 0);
            }
        }
    }

    @Override
    public SortedMap<Integer, Presence> presences() {
        SortedMap<Integer, Pod> there = newestPods();
        TreeSet<Integer> slots = new TreeSet<>(there.keySet());
        slots.addAll(bySlot.keySet());
        SortedMap<Integer, Presence> presences = new TreeMap<>();
        for (int slot : slots) {
            presences.put(slot, presence(slot, there.get(slot)));
        }
        return Collections.unmodifiableSortedMap(presences);
    }

    private Presence read(int slot, Pod pod) {
        Read before = read.get(slot);
        if (before == null || !isSame(before.pod(), pod)) {
            before = new Read(pod, PodPresence.of(pod));
            read.put(slot, before);
        }
        return before.presence();
    }

    private static boolean isSame(Pod one, Pod other) {
        return one.getMetadata().getUid().equals(other.getMetadata().getUid())
                && one.getMetadata()
                        .getResourceVersion()
                        .equals(other.getMetadata().getResourceVersion());
    }

    private Presence presence(int slot, @Nullable Pod pod) {
        Newest known = known(slot, pod);
        if (known == null) {
            return new Presence.Absent();
        }
        bySlot.put(slot, known);
        if (known.released()) {
            // Also what was being created while it was let go.
            endReleased(slot);
            return new Presence.Absent();
        }
        if (pod != null) {
            Presence seen = read(slot, pod);
            if (seen.incarnation() == known.incarnation()) {
                return seen;
            }
        }
        String sentence = refused.get(new Incarnation(slot, known.incarnation()));
        if (sentence != null) {
            return new Presence.Gone(
                    known.incarnation(),
                    -1,
                    0,
                    "The pod could not be created: " + sentence,
                    false,
                    known.node(),
                    List.of(),
                    "");
        }
        return known.seen()
                ? PodPresence.deleted(known.incarnation(), known.node())
                : new Presence.Starting(known.incarnation(), known.since(), known.node(), null);
    }

    private @Nullable Newest known(int slot, @Nullable Pod pod) {
        Newest known = bySlot.get(slot);
        if (pod == null) {
            return known;
        }
        Presence seen = read(slot, pod);
        int incarnation = seen.incarnation();
        if (known != null && known.incarnation() > incarnation) {
            return known;
        }
        boolean released = known != null && known.incarnation() == incarnation && known.released();
        Instant since = known != null && known.incarnation() == incarnation ? known.since() : clock.instant();
        return new Newest(incarnation, seen.node(), since, true, released);
    }

    @Override
    public List<Leftover> leftovers() {
        List<Leftover> leftovers = new ArrayList<>();
        for (Pod pod : kubernetes.cache().all()) {
            String deletion = pod.getMetadata().getDeletionTimestamp();
            if (deletion == null) {
                continue;
            }
            int slot = PodPresence.slot(pod);
            int incarnation = PodPresence.incarnation(pod);
            Newest known = bySlot.get(slot);
            if (known != null && (incarnation < known.incarnation() || known.released())) {
                leftovers.add(
                        new Leftover(slot, incarnation, PodPresence.of(pod).node(), Instant.parse(deletion)));
            }
        }
        return leftovers;
    }

    private SortedMap<Integer, Pod> newestPods() {
        SortedMap<Integer, Pod> newest = new TreeMap<>();
        for (Pod pod : kubernetes.cache().all()) {
            int slot = PodPresence.slot(pod);
            if (slot >= 0) {
                newest.merge(slot, pod, PodSlots::newer);
            }
        }
        return newest;
    }

    private @Nullable Pod newestPod(int slot) {
        return ofSlot(slot).stream().reduce(PodSlots::newer).orElse(null);
    }

    private static Pod newer(Pod one, Pod other) {
        return PodPresence.incarnation(one) > PodPresence.incarnation(other) ? one : other;
    }

    private List<Pod> ofSlot(int slot) {
        return kubernetes.cache().ofSlot(slot);
    }

    @Override
    public Claim claim(AttemptRecord wanted) throws IOException {
        List<SeatedPod> seats = new ArrayList<>();
        for (Seat seat : wanted.seats()) {
            for (Pod pod : ofSlot(seat.slot())) {
                if (PodPresence.incarnation(pod) == seat.incarnation()) {
                    seats.add(new SeatedPod(
                            seat.rank(),
                            pod.getMetadata().getName(),
                            pod.getMetadata().getUid(),
                            seat.node(),
                            wanted.plan().stagesOf(seat.rank()).stream()
                                    .map(Stage::index)
                                    .toList()));
                }
            }
        }
        return configMaps.claim(wanted, seats);
    }

    @Override
    public List<AttemptRecord> attempts() throws IOException {
        return configMaps.attempts();
    }
}
