package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A tiny model of workers and store, driven by the lifecycle's decisions. It checks, while it runs, what must hold
/// whatever happens: each check stands beside the decision that could break it.
final class SimulatedWorld {
    static final Duration TICK = Duration.ofMillis(100);
    private static final int EVERY_STEPS = 4;
    private static final PlanReference NO_PLAN = new PlanReference("none", List.of(0));

    final JobFacts job;
    final Random random;
    final List<SimulatedSlot> slots = new ArrayList<>();
    final List<ClaimedAttempt> attempts = new ArrayList<>();
    final TreeSet<Integer> committed = new TreeSet<>();
    final TreeSet<Integer> corrupt = new TreeSet<>();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    Journal journal = Journal.EMPTY;
    PlanningState planning = new PlanningState.NotAsked();
    int reachedStep;
    int finalStep;
    int chargeableFaults;
    boolean userError;

    @Nullable
    Round last;

    SimulatedWorld(JobFacts job, Random random, int slotCount) {
        this.job = job;
        this.random = random;
        for (int number = 0; number < slotCount; number++) {
            slots.add(new SimulatedSlot(number));
        }
    }

    Observation observe() {
        boolean somebodyLooked = slots.stream().anyMatch(slot -> slot.session instanceof Session.Connected);
        Inventory inventory = somebodyLooked
                ? new Inventory(List.copyOf(committed), finalStep, committed.isEmpty() ? "" : "data", "")
                : null;
        return new Observation(
                job,
                attempts,
                slots.stream().map(SimulatedSlot::view).toList(),
                List.of(),
                List.of(),
                planning,
                inventory,
                reachedStep,
                journal);
    }

    /// One look and what follows from it.
    void round() {
        Observation seen = observe();
        Round round = Lifecycle.decide(seen, now);
        assertThat(Lifecycle.decide(seen, now))
                .as("the same look decides the same")
                .isEqualTo(round);
        journal = round.journal();
        assertThat(journal.chargedAt().size())
                .isLessThanOrEqualTo(job.failurePolicy().maxRestarts() + 1);
        Round again = Lifecycle.decide(observe(), now);
        assertThat(again.journal().chargedAt())
                .as("looking twice counts nothing twice")
                .isEqualTo(journal.chargedAt());
        last = round;
        round.decisions().forEach(this::carryOut);
    }

    private void carryOut(Decision decision) {
        switch (decision) {
            case Decision.Plan _ ->
                planning = new PlanningState.Proposed(
                        new PlanReference(
                                "digest",
                                slots.stream().map(slot -> slot.number).toList()),
                        false);
            case Decision.StartSlot(int slot, int incarnation, String _) -> {
                assertThat(slots.get(slot).presence).isInstanceOf(Presence.Absent.class);
                slots.get(slot).start(incarnation, now);
            }
            case Decision.ReplaceSlot(int slot, int incarnation, String _, String reason) -> {
                assertThat(slots.get(slot).isSound())
                        .as("healthy slots stay: " + reason)
                        .isFalse();
                slots.get(slot).start(incarnation, now);
            }
            case Decision.KillEngine(int slot, long pid, String reason) -> kill(slots.get(slot), pid, reason);
            case Decision.ClaimAttempt claim -> claim(claim);
            case Decision.Prepare(int attempt, int slot, int rank) -> prepare(attempt, slots.get(slot), rank);
            case Decision.StartTraining(int attempt, int slot) -> start(attempt, slots.get(slot));
            case Decision.AbortAttempt(int attempt, int slot, String _) -> {
                SimulatedSlot at = slots.get(slot);
                at.orders = at.orders.withAbort(new Orders.Sent(attempt, now));
                if (!at.hung && at.isReachable()) {
                    at.report = null;
                }
            }
            case Decision.PauseAttempt _, Decision.ForceDelete _, Decision.DeleteJob _ -> {
                throw new AssertionError("Nothing here asks for " + decision);
            }
            case Decision.ReleaseSlot(int slot, String _) -> slots.get(slot).release();
            case Decision.Complete(int step) -> assertThat(step).isEqualTo(finalStep);
            case Decision.Fail _ ->
                assertThat(finalStep == 0 || slots.stream().noneMatch(SimulatedSlot::isReachable))
                        .as("a job that is seen complete does not fail")
                        .isTrue();
            case Decision.WaitUntil(Instant instant, String why) ->
                assertThat(instant).as(why).isAfter(now);
        }
    }

    private void kill(SimulatedSlot slot, long pid, String reason) {
        assertThat(slot.isSound()).as("healthy engines stay: " + reason).isFalse();
        slot.orders = slot.orders.withKill(new Orders.Kill(pid, now));
        if (slot.engine instanceof EngineState.Up up && up.pid() == pid && slot.isReachable()) {
            slot.engineDies(137, 9, now);
        }
    }

    private void claim(Decision.ClaimAttempt claim) {
        int newest = attempts.isEmpty() ? 0 : attempts.getLast().number();
        assertThat(claim.number()).isGreaterThan(newest);
        assertThat(claim.plan()).isNotEqualTo(NO_PLAN);
        if (claim.resumeStep() > 0) {
            assertThat(committed).as("never resumes from what is not committed").contains(claim.resumeStep());
            assertThat(journal.corruptSteps()).doesNotContain(claim.resumeStep());
        }
        attempts.add(new ClaimedAttempt(
                claim.number(), claim.resumeStep(), claim.plan().digest(), claim.seats(), now));
    }

    private void prepare(int number, SimulatedSlot slot, int rank) {
        ClaimedAttempt attempt = attempts.getLast();
        assertThat(number).as("only the newest attempt is prepared").isEqualTo(attempt.number());
        assertThat(attempt.seats().get(rank).slot()).isEqualTo(slot.number);
        slot.prepare(attempt, Duration.ofMillis(100 + random.nextInt(900)), now);
        if (corrupt.contains(attempt.resumeStep()) && slot.report != null) {
            slot.fails(new Problem.CorruptCheckpoint(attempt.resumeStep(), "stage-0", "checksum differs"), now);
        } else if (slot.report != null && random.nextInt(40) == 0) {
            slot.fails(new Problem.Busy("still aborting"), now);
        }
    }

    private void start(int number, SimulatedSlot slot) {
        ClaimedAttempt attempt = attempts.getLast();
        assertThat(number).isEqualTo(attempt.number());
        for (Seat seat : attempt.seats()) {
            AttemptReport report =
                    Objects.requireNonNull(slots.get(seat.slot()).report, "nobody starts before all are ready");
            assertThat(report.attempt()).isEqualTo(number);
            assertThat(report.phase()).isIn(WorkerPhase.READY, WorkerPhase.RUNNING, WorkerPhase.FINISHED);
        }
        slot.orders = slot.orders.withStart(new Orders.Sent(number, now));
        slot.enters(WorkerPhase.RUNNING, attempt.resumeStep(), now);
    }

    /// The workers do for one tick what they do.
    void tick() {
        now = now.plus(TICK);
        slots.forEach(slot -> slot.tick(now));
        if (attempts.isEmpty()) {
            return;
        }
        ClaimedAttempt attempt = attempts.getLast();
        List<SimulatedSlot> seated =
                attempt.seats().stream().map(seat -> slots.get(seat.slot())).toList();
        if (seated.stream().allMatch(slot -> slot.computes(attempt.number()))) {
            step(seated);
        } else {
            seated.forEach(slot -> noticeLostPeers(slot, attempt));
        }
        for (SimulatedSlot slot : slots) {
            if (slot.presence instanceof Presence.Up
                    && slot.report != null
                    && slot.report.problem() instanceof Problem.Busy
                    && random.nextInt(5) == 0) {
                slot.orders = Orders.NONE;
                slot.report = null;
            }
        }
    }

    private void step(List<SimulatedSlot> seated) {
        int next = seated.stream()
                        .mapToInt(slot -> slot.report == null ? 0 : slot.report.step())
                        .max()
                        .orElse(0)
                + 1;
        boolean isLast = next >= job.totalSteps();
        seated.forEach(slot -> slot.enters(isLast ? WorkerPhase.FINISHED : WorkerPhase.RUNNING, next, now));
        reachedStep = Math.max(reachedStep, next);
        if (next % EVERY_STEPS == 0 || isLast) {
            committed.add(next);
        }
        if (isLast) {
            finalStep = next;
        }
    }

    private void noticeLostPeers(SimulatedSlot slot, ClaimedAttempt attempt) {
        if (!slot.computes(attempt.number())) {
            return;
        }
        for (Seat seat : attempt.seats()) {
            SimulatedSlot peer = slots.get(seat.slot());
            boolean same = peer.engine instanceof EngineState.Up up && up.pid() == seat.enginePid();
            if (!same) {
                slot.fails(new Problem.PeerLost("rank " + seat.rank() + " hung up"), now);
                return;
            }
            if (peer.partitioned && slot.edges.stream().noneMatch(edge -> edge.peerRank() == seat.rank())) {
                slot.edges.add(new EdgeReport(attempt.number(), seat.rank(), now));
            }
        }
    }
}
