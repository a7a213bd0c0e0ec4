package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is really the case: nodes, pods, their training and the store. Time passes in ticks of one step each.
final class SimulatedCluster {
    static final Duration TICK = Duration.ofMillis(500);
    private static final Duration TAKE_OVER = Duration.ofMillis(500);
    private static final Duration LEASE = Duration.ofSeconds(6);
    private static final Duration DRAIN = Duration.ofSeconds(8);
    private static final int EVERY_STEPS = 5;
    private static final int KEPT_ATTEMPTS = 10;
    /// So many of a pod's own messages are on their way at most.
    private static final int MAX_INBOX = 64;

    final Random random;
    final int totalSteps;
    final List<SimulatedNode> nodes = new ArrayList<>();
    /// Every pod object that the cluster still has.
    final List<SimulatedPod> pods = new ArrayList<>();
    final SimulatedStore store = new SimulatedStore();
    final SortedMap<Integer, ClaimedAttempt> attempts = new TreeMap<>();
    final List<String> history = new ArrayList<>();
    private final SortedMap<Integer, Integer> highestCreated = new TreeMap<>();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    int reachedStep;

    /// How often a spare took over a rank.
    int takeovers;

    /// So many of the next pods die as soon as they start.
    int failingStarts;
    private long pids = 100;

    SimulatedCluster(Random random, int totalSteps) {
        this.random = random;
        this.totalSteps = totalSteps;
        int count = 3 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            nodes.add(new SimulatedNode("n" + i, 1 + random.nextInt(2)));
        }
    }

    void note(String what) {
        history.add(Duration.between(Instant.parse("2026-01-01T00:00:00Z"), now).toMillis() / 1000.0 + " s: " + what);
    }

    SimulatedNode node(String name) {
        return nodes.stream().filter(each -> each.name.equals(name)).findFirst().orElseThrow();
    }

    @Nullable
    SimulatedPod pod(int slot, int incarnation) {
        return pods.stream()
                .filter(pod -> pod.slot == slot && pod.incarnation == incarnation)
                .findFirst()
                .orElse(null);
    }

    /// The slot's newest pod that the operator has not released; null when it has none.
    @Nullable
    SimulatedPod newest(int slot) {
        return pods.stream()
                .filter(pod -> pod.slot == slot && pod.releasedAt == null)
                .max(Comparator.comparingInt(pod -> pod.incarnation))
                .orElse(null);
    }

    int freeOn(SimulatedNode node) {
        long held = pods.stream()
                .filter(pod -> pod.node.equals(node.name) && pod.state != SimulatedPod.State.ENDED)
                .count();
        return node.capacity - node.foreign - Math.toIntExact(held);
    }

    /// Create-only: what exists stays as it is, and so does what is newer.
    void create(int slot, int incarnation, String node) {
        int highest = highestCreated.getOrDefault(slot, 0);
        if (incarnation <= highest) {
            return;
        }
        highestCreated.put(slot, incarnation);
        pods.add(new SimulatedPod(slot, incarnation, node, now, now.plus(TICK.multipliedBy(2 + random.nextInt(4)))));
        release(slot, incarnation - 1);
    }

    /// Asks for the end of a slot's pods up to an incarnation.
    void release(int slot, int upTo) {
        for (SimulatedPod pod : pods) {
            if (pod.slot == slot && pod.incarnation <= upTo && pod.releasedAt == null) {
                pod.releasedAt = now;
                int slow = random.nextInt(20) == 0 ? 60 : 1 + random.nextInt(4);
                pod.endsAt = now.plus(TICK.multipliedBy(slow));
            }
        }
    }

    void forceDelete(int slot, int incarnation) {
        SimulatedPod pod = pod(slot, incarnation);
        if (pod != null) {
            assertThat(pod.releasedAt)
                    .as("only what was to end is removed by force: " + pod)
                    .isNotNull();
            pods.remove(pod);
        }
    }

    ClaimedAttempt claim(ClaimedAttempt wanted) {
        ClaimedAttempt standing = attempts.putIfAbsent(wanted.number(), wanted);
        return standing == null ? wanted : standing;
    }

    /// As many as are kept.
    List<ClaimedAttempt> lastAttempts() {
        List<ClaimedAttempt> all = new ArrayList<>(attempts.values());
        return all.subList(Math.max(0, all.size() - KEPT_ATTEMPTS), all.size());
    }

    /// Hands a message to a pod's supervisor, some time later.
    void send(SimulatedPod pod, Runnable message) {
        if (!pod.linkDown && !node(pod.node).isCut() && pod.runs() && pod.inbox.size() < MAX_INBOX) {
            pod.inbox.add(message);
        }
    }

    void tick() {
        now = now.plus(TICK);
        for (SimulatedPod pod : List.copyOf(pods)) {
            live(pod);
        }
        lastAttempts().forEach(this::train);
    }

    private void live(SimulatedPod pod) {
        boolean cut = node(pod.node).isCut();
        if (!cut && pod.endsAt != null && !now.isBefore(pod.endsAt)) {
            if (pod.state != SimulatedPod.State.ENDED) {
                pod.end(143, pod.releasedAt == null);
            }
            if (pod.releasedAt != null) {
                pods.remove(pod);
                return;
            }
        }
        if (pod.state == SimulatedPod.State.PENDING) {
            start(pod, cut);
        }
        if (!pod.runs()) {
            return;
        }
        if (pod.drainedAt != null && !cut && !now.isBefore(pod.drainedAt.plus(DRAIN))) {
            pod.end(143, true);
            return;
        }
        if (pod.pid == 0 && !now.isBefore(pod.engineAt)) {
            pod.pid = pids++;
            pod.engineAt = Instant.MAX;
        }
        if (!pod.linkDown && !cut) {
            pod.leaseUntil = now.plus(LEASE);
            while (!pod.inbox.isEmpty() && random.nextInt(4) != 0) {
                pod.inbox.remove().run();
            }
        } else {
            pod.inbox.clear();
        }
        if (pod.attempt != null && pod.phase == WorkerPhase.PREPARING && !pod.hung && !now.isBefore(pod.preparedAt)) {
            load(pod, pod.attempt);
        }
    }

    private void start(SimulatedPod pod, boolean cut) {
        SimulatedNode node = node(pod.node);
        // The pod itself is counted among those that hold the node's room.
        pod.blocked = !cut && (node.cordoned || freeOn(node) < 0);
        if (!cut && !pod.blocked && !now.isBefore(pod.startsAt)) {
            pod.state = SimulatedPod.State.RUNNING;
            if (failingStarts > 0) {
                failingStarts--;
                pod.end(1, false);
                return;
            }
            pod.engineAt = now.plus(TICK.multipliedBy(1 + random.nextInt(4)));
        }
    }

    private void load(SimulatedPod pod, ClaimedAttempt attempt) {
        if (node(pod.node).isCut()) {
            return;
        }
        store.begin(attempt);
        if (attempt.resumeStep() > 0 && store.isDamaged(attempt.resumeStep())) {
            pod.fail(new Problem.CorruptCheckpoint(attempt.resumeStep(), "part", "checksum differs"));
        } else {
            pod.phase = WorkerPhase.READY;
        }
    }

    /// One step of all ranks together, or what they notice when they cannot make one.
    private void train(ClaimedAttempt attempt) {
        List<SimulatedPod> ranks = new ArrayList<>();
        for (Seat seat : attempt.seats()) {
            SimulatedPod pod = pod(seat.slot(), seat.incarnation());
            if (pod != null && pod.pid == seat.enginePid() && pod.trains(attempt)) {
                ranks.add(pod);
            }
        }
        long sides = ranks.stream()
                .map(pod -> node(pod.node).isCut() ? pod.node : "")
                .distinct()
                .count();
        if (ranks.size() == attempt.seats().size() && sides == 1) {
            ranks.forEach(pod -> pod.edges.clear());
            step(attempt, ranks);
        } else {
            ranks.forEach(pod -> notice(pod, attempt));
        }
    }

    private void step(ClaimedAttempt attempt, List<SimulatedPod> ranks) {
        int step = ranks.getFirst().step + 1;
        boolean last = step == totalSteps;
        boolean pauses = ranks.getFirst().pauseRequested && !last;
        boolean isolated = node(ranks.getFirst().node).isCut();
        ranks.forEach(pod -> pod.step = step);
        boolean leased = now.isBefore(ranks.getFirst().leaseUntil);
        if ((last || pauses || step % EVERY_STEPS == 0) && leased && !isolated) {
            boolean stands = store.commit(attempt, step, last);
            if (!stands) {
                ranks.forEach(pod -> pod.fail(new Problem.Internal("a newer attempt has begun")));
                return;
            }
        } else if (last || pauses) {
            // Nothing follows, so the commit is tried again with the next tick.
            ranks.forEach(pod -> pod.step = step - 1);
            return;
        }
        reachedStep = Math.max(reachedStep, step);
        if (last || pauses) {
            ranks.forEach(pod -> pod.phase = last ? WorkerPhase.FINISHED : WorkerPhase.PAUSED);
        }
    }

    private void notice(SimulatedPod pod, ClaimedAttempt attempt) {
        for (Seat seat : attempt.seats()) {
            SimulatedPod peer = pod(seat.slot(), seat.incarnation());
            boolean cut =
                    node(pod.node).isCut() != (peer != null && node(peer.node).isCut());
            boolean reachable = peer != null && !cut;
            boolean over = peer == null
                    || peer.pid != seat.enginePid()
                    || peer.attempt == null
                    || peer.attempt.number() != attempt.number()
                    || peer.phase == WorkerPhase.FAILED;
            if (peer == pod || (reachable && !over)) {
                continue;
            }
            if (reachable) {
                pod.fail(new Problem.PeerLost("rank " + seat.rank() + " hung up"));
                return;
            }
            if (pod.edges.stream().noneMatch(edge -> edge.peerRank() == seat.rank())) {
                pod.edges.add(new EdgeReport(attempt.number(), seat.rank(), now));
                if (random.nextBoolean()) {
                    pod.fail(new Problem.PeerLost("rank " + seat.rank() + " does not answer"));
                    return;
                }
            }
        }
    }

    void killEngine(SimulatedPod pod, int code, int signal) {
        pod.killEngine(code, signal, now, TAKE_OVER);
    }

    @Override
    public String toString() {
        return pods + ", committed " + store.inventory() + ", attempts " + attempts.keySet();
    }
}
