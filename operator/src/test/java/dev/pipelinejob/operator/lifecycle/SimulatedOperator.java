package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One operator process: what it knows of each slot, late and out of order, and what it does about it. Two of them may
/// be there at once; only one of them may write the journal.
final class SimulatedOperator {
    private final SimulatedCluster cluster;
    private final SimulatedJournal journals;
    private final SimulatedPlanner planner;
    private final SortedMap<Integer, Known> known = new TreeMap<>();
    private final SortedMap<Integer, Presence> presences = new TreeMap<>();
    private final List<Decision> unfinished = new ArrayList<>();
    private final Instant begunAt;
    private long version;
    private Journal journal;

    @Nullable
    Round last;

    /// What was heard of one pod, and what it was sent.
    private static final class Known {
        final SimulatedPod pod;
        Session session;
        EngineState engine;

        @Nullable
        AttemptReport report;

        @Nullable
        EngineExit lastExit;

        @Nullable
        Drain drain;

        List<EdgeReport> edges = List.of();
        Orders orders = Orders.NONE;

        Known(SimulatedPod pod, Instant now) {
            this.pod = pod;
            this.session = new Session.Awaited(now);
            this.engine = new EngineState.Down(now);
        }
    }

    SimulatedOperator(SimulatedCluster cluster, SimulatedJournal journals, SimulatedPlanner planner) {
        this.cluster = cluster;
        this.journals = journals;
        this.planner = planner;
        this.begunAt = cluster.now;
        this.journal = journals.takeOver();
        this.version = journals.version();
        // Its caches are filled before it decides anything.
        cluster.pods.forEach(pod -> presences.put(pod.slot, presence(pod.slot)));
    }

    /// Looks, decides, keeps the journal and does it; false when another operator has the job.
    ///
    /// @param doing how many of the decisions are carried out before the process is stopped; all when it goes on
    boolean round(JobFacts job, int doing) {
        hear();
        Observation seen = observe(job);
        Round round = Lifecycle.decide(seen, cluster.now);
        if (!round.journal().equals(journal)) {
            if (!journals.save(round.journal(), version)) {
                return false;
            }
            version = journals.version();
            check(seen, round);
            journal = round.journal();
        }
        last = round;
        for (Decision decision : round.decisions()) {
            if (decision instanceof Decision.WaitUntil(Instant instant, String why)) {
                assertThat(instant).as(why).isAfter(cluster.now);
            }
        }
        unfinished.clear();
        for (int i = 0; i < round.decisions().size(); i++) {
            if (i < doing) {
                carryOut(round.decisions().get(i));
            } else {
                unfinished.add(round.decisions().get(i));
            }
        }
        return true;
    }

    /// An old leader that wakes up goes on where it was stopped: its streams are gone, the API server is not.
    void wake() {
        known.clear();
        unfinished.forEach(this::carryOut);
        unfinished.clear();
    }

    private void check(Observation seen, Round round) {
        FailurePolicy policy = seen.job().failurePolicy();
        assertThat(round.journal().chargedAt().size()).isLessThanOrEqualTo(policy.maxRestarts() + 1);
        assertThat(round.journal().history()).hasSizeLessThanOrEqualTo(Journal.MAX_HISTORY);
        assertThat(round.journal().restarts())
                .as("what was restarted is counted for good")
                .isGreaterThanOrEqualTo(journal.restarts());
        if (journal.ended() != null) {
            assertThat(round.journal().ended()).as("an end never changes").isEqualTo(journal.ended());
        }
        boolean claims = round.decisions().stream().anyMatch(Decision.ClaimAttempt.class::isInstance);
        Fault open = round.journal().open();
        if (claims && open != null) {
            assertThat(cluster.now)
                    .as("the back-off is kept")
                    .isAfterOrEqualTo(new BudgetPolicy(policy).notBefore(round.journal(), open));
        }
    }

    /// Some of what has happened becomes known, in no particular order.
    private void hear() {
        TreeSet<Integer> slots = new TreeSet<>(presences.keySet());
        cluster.pods.forEach(pod -> slots.add(pod.slot));
        for (int slot : slots) {
            if (cluster.random.nextInt(4) != 0) {
                presences.put(slot, presence(slot));
            }
            SimulatedPod pod = cluster.newest(slot);
            if (pod != null && cluster.random.nextInt(4) != 0) {
                hear(pod);
            }
        }
    }

    private Presence presence(int slot) {
        SimulatedPod pod = cluster.newest(slot);
        if (pod == null) {
            return new Presence.Absent();
        }
        return switch (pod.state) {
            case PENDING ->
                new Presence.Starting(
                        pod.incarnation,
                        pod.createdAt,
                        pod.node,
                        pod.blocked
                                ? new Presence.Blocked(
                                        pod.createdAt, "Unschedulable", "no room", Presence.Blocked.Kind.NO_ROOM)
                                : null);
            case RUNNING -> new Presence.Up(pod.incarnation, pod.createdAt, pod.node, null);
            case ENDED ->
                new Presence.Gone(pod.incarnation, pod.exitCode, 0, "Ended", pod.disrupted, pod.node, List.of(), "");
        };
    }

    private void hear(SimulatedPod pod) {
        Known old = known.get(pod.slot);
        if (old != null && old.pod.incarnation > pod.incarnation) {
            return;
        }
        Known now = old == null || old.pod != pod ? new Known(pod, cluster.now) : old;
        known.put(pod.slot, now);
        if (!pod.runs()) {
            if (now.session instanceof Session.Connected) {
                now.session = new Session.Closed(cluster.now);
            }
            return;
        }
        if (pod.linkDown || cluster.node(pod.node).isCut()) {
            if (now.session instanceof Session.Connected) {
                now.session = new Session.Silent(cluster.now);
            }
            return;
        }
        if (!(now.session instanceof Session.Connected)) {
            now.session = new Session.Connected();
            now.orders = Orders.NONE;
        }
        now.engine = pod.pid == 0
                ? (now.engine instanceof EngineState.Down ? now.engine : new EngineState.Down(cluster.now))
                : new EngineState.Up(pod.pid, "host:" + pod.pid, "", true, true);
        now.lastExit = pod.lastExit;
        now.drain = pod.drainedAt == null ? null : new Drain(pod.drainedAt, "evicted");
        now.edges = edges(pod, now.edges);
        now.report = report(pod, now.report);
    }

    /// With the time at which each of them was heard of first, as with everything else that is heard.
    private List<EdgeReport> edges(SimulatedPod pod, List<EdgeReport> before) {
        return pod.edges.stream()
                .map(edge -> before.stream()
                        .filter(old -> old.attempt() == edge.attempt() && old.peerRank() == edge.peerRank())
                        .findFirst()
                        .orElse(new EdgeReport(edge.attempt(), edge.peerRank(), cluster.now)))
                .toList();
    }

    private @Nullable AttemptReport report(SimulatedPod pod, @Nullable AttemptReport before) {
        ClaimedAttempt attempt = pod.attempt;
        if (attempt == null) {
            return null;
        }
        AttemptReport same = before != null && before.attempt() == attempt.number() ? before : null;
        Instant phaseAt = same != null && same.phase() == pod.phase ? same.phaseAt() : cluster.now;
        Instant stepAt = same != null && same.step() == pod.step ? same.stepAt() : cluster.now;
        return new AttemptReport(
                attempt.number(),
                pod.phase == WorkerPhase.PREPARING ? "" : attempt.planDigest(),
                "data",
                pod.phase,
                phaseAt,
                pod.step,
                stepAt,
                pod.problem);
    }

    private Observation observe(JobFacts job) {
        List<SlotView> views = new ArrayList<>();
        TreeSet<String> lost = new TreeSet<>();
        for (SimulatedNode node : cluster.nodes) {
            Instant cut = node.cutSince;
            if (cut != null && cut.plus(Duration.ofSeconds(10)).isBefore(cluster.now)) {
                lost.add(node.name);
            }
        }
        PlanningState planning = planner.state(lost);
        TreeSet<Integer> slots = new TreeSet<>(presences.keySet());
        if (planning instanceof PlanningState.Proposed proposed) {
            slots.addAll(proposed.plan().slots());
        }
        for (int slot : slots) {
            views.add(view(slot, presences.getOrDefault(slot, new Presence.Absent())));
        }
        boolean looked = known.values().stream().anyMatch(each -> each.session instanceof Session.Connected);
        return new Observation(
                job,
                cluster.lastAttempts(),
                views,
                leftovers(),
                lost.stream().map(name -> new LostNode(name, "unreachable")).toList(),
                planning,
                looked ? cluster.store.inventory() : null,
                cluster.reachedStep,
                journal);
    }

    private List<Leftover> leftovers() {
        List<Leftover> leftovers = new ArrayList<>();
        for (SimulatedPod pod : cluster.pods) {
            if (pod.releasedAt != null) {
                leftovers.add(new Leftover(pod.slot, pod.incarnation, pod.node, pod.releasedAt));
            }
        }
        return leftovers;
    }

    private SlotView view(int slot, Presence presence) {
        Known heard = known.get(slot);
        if (heard == null || heard.pod.incarnation != presence.incarnation()) {
            return new SlotView(
                    slot,
                    presence,
                    new Session.Awaited(begunAt),
                    new EngineState.Down(cluster.now),
                    null,
                    null,
                    List.of(),
                    null,
                    Orders.NONE);
        }
        return new SlotView(
                slot,
                presence,
                heard.session,
                heard.engine,
                heard.report,
                heard.lastExit,
                heard.edges,
                heard.drain,
                heard.orders);
    }

    private void carryOut(Decision decision) {
        if (!(decision instanceof Decision.WaitUntil)) {
            cluster.note(decision.toString());
        }
        switch (decision) {
            case Decision.Plan plan -> planner.ask(plan);
            case Decision.StartSlot(int slot, int incarnation, String node) -> cluster.create(slot, incarnation, node);
            case Decision.ReplaceSlot(int slot, int incarnation, String node, String _) ->
                cluster.create(slot, incarnation, node);
            case Decision.ClaimAttempt claim -> claim(claim);
            case Decision.Prepare(int attempt, int slot, int rank) -> prepare(attempt, slot, rank);
            case Decision.StartTraining(int attempt, int slot) ->
                order(
                        slot,
                        orders -> orders.withStart(new Orders.Sent(attempt, cluster.now)),
                        pod -> pod.start(attempt));
            case Decision.AbortAttempt(int attempt, int slot, String _) ->
                order(
                        slot,
                        orders -> orders.withAbort(new Orders.Sent(attempt, cluster.now)),
                        pod -> pod.abort(attempt));
            case Decision.PauseAttempt(int attempt, int slot, String _) ->
                order(
                        slot,
                        orders -> orders.withPause(new Orders.Sent(attempt, cluster.now)),
                        pod -> pod.pause(attempt));
            case Decision.KillEngine(int slot, long pid, String _) ->
                order(slot, orders -> orders.withKill(new Orders.Kill(pid, cluster.now)), pod -> kill(pod, pid));
            case Decision.ReleaseSlot(int slot, int incarnation, String _) -> cluster.release(slot, incarnation);
            case Decision.ForceDelete(int slot, int incarnation, String _) -> cluster.forceDelete(slot, incarnation);
            case Decision.Complete(int step) -> assertThat(step).isEqualTo(cluster.store.finalStep());
            case Decision.Fail _, Decision.DeleteJob _, Decision.WaitUntil _ -> {
                // The journal has the end, and what becomes of that is checked then; a round follows in any case.
            }
        }
    }

    private void kill(SimulatedPod pod, long pid) {
        if (pod.pid == pid) {
            cluster.killEngine(pod, 137, 9);
        }
    }

    private void claim(Decision.ClaimAttempt claim) {
        assertThat(journal.corruptSteps()).doesNotContain(claim.resumeStep());
        assertThat(claim.seats()).extracting(Seat::slot).doesNotHaveDuplicates();
        ClaimedAttempt standing = cluster.claim(new ClaimedAttempt(
                claim.number(), claim.resumeStep(), claim.plan().digest(), claim.seats(), cluster.now));
        assertThat(standing.number()).isEqualTo(claim.number());
        if (standing.seats().equals(claim.seats())) {
            planner.seated(claim.plan());
        }
    }

    private void prepare(int number, int slot, int rank) {
        ClaimedAttempt attempt = Objects.requireNonNull(cluster.attempts.get(number));
        Instant ready = cluster.now.plus(SimulatedCluster.TICK.multipliedBy(1 + cluster.random.nextInt(4)));
        order(
                slot,
                orders -> orders.withPrepare(new Orders.Sent(number, cluster.now)),
                pod -> pod.prepare(attempt, rank, ready));
    }

    private void order(int slot, UnaryOperator<Orders> remember, Consumer<SimulatedPod> message) {
        Known to = known.get(slot);
        if (to != null && to.session instanceof Session.Connected) {
            to.orders = remember.apply(to.orders);
            cluster.send(to.pod, () -> message.accept(to.pod));
        }
    }

    /// All workers' streams break at once, and come back.
    void loseStreams() {
        for (Known each : known.values()) {
            if (each.session instanceof Session.Connected) {
                each.session = new Session.Silent(cluster.now);
            }
        }
    }

    Journal journal() {
        return journal;
    }
}
