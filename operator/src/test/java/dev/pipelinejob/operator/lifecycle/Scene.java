package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Three workers in the middle of attempt 1, which resumed from step 10 and completed step 12 a second ago. A test
/// says only what is different.
final class Scene {
    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    static final Instant LAST_STEP = NOW.minusSeconds(1);
    static final PlanReference PLAN = new PlanReference("digest", List.of(0, 1, 2));

    static final FailureRule USER_ERROR = new FailureRule(
            "user-error", FailureRule.Action.FAIL_JOB, new FailureRule.Match.ExitCodes(true, List.of(2)));
    static final JobFacts.Limits LIMITS =
            new JobFacts.Limits(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(40), null, null);

    private final List<SlotView> slots = new ArrayList<>();
    private final List<ClaimedAttempt> attempts = new ArrayList<>();
    private final List<Leftover> leftovers = new ArrayList<>();
    private final List<LostNode> lostNodes = new ArrayList<>();
    private JobFacts job = job(failurePolicy(2));
    private Journal journal = Journal.EMPTY;
    private PlanningState planning = new PlanningState.Proposed(PLAN, false);
    private @Nullable Inventory inventory = new Inventory(List.of(10, 5), 0, "data", "numerics");

    private Scene() {}

    static Scene training() {
        Scene scene = new Scene();
        List<Seat> seats = new ArrayList<>();
        for (int slot = 0; slot < 3; slot++) {
            seats.add(new Seat(slot, slot, 1, 100 + slot, "host:" + slot));
            scene.slots.add(up(slot, report(WorkerPhase.RUNNING, 12, null)));
        }
        scene.attempts.add(new ClaimedAttempt(1, 10, "digest", seats, NOW.minusSeconds(60)));
        return scene;
    }

    /// Nothing has happened yet.
    static Scene fresh() {
        Scene scene = new Scene();
        scene.planning = new PlanningState.NotAsked();
        scene.inventory = null;
        return scene;
    }

    static SlotView up(int slot, @Nullable AttemptReport report) {
        return new SlotView(
                slot,
                new Presence.Up(1, NOW.minusSeconds(90)),
                new Session.Connected(),
                new EngineState.Up(100 + slot, "host:" + slot, "numerics", true, true),
                report,
                null,
                List.of(),
                null,
                Orders.NONE);
    }

    static AttemptReport report(WorkerPhase phase, int step, @Nullable Problem problem) {
        String digest = phase == WorkerPhase.PREPARING ? "" : "digest";
        return new AttemptReport(1, digest, "data", phase, LAST_STEP, step, LAST_STEP, problem);
    }

    static FailurePolicy failurePolicy(int maxRestarts) {
        return failurePolicy(maxRestarts, Duration.ofSeconds(1), Duration.ofHours(1));
    }

    static FailurePolicy withoutQuarantine(int maxRestarts) {
        return failurePolicy(maxRestarts, Duration.ofSeconds(1), Duration.ZERO);
    }

    static FailurePolicy withoutBackoff(int maxRestarts) {
        return failurePolicy(maxRestarts, Duration.ZERO, Duration.ofHours(1));
    }

    private static FailurePolicy failurePolicy(int maxRestarts, Duration backoff, Duration quarantine) {
        return new FailurePolicy(
                maxRestarts,
                Duration.ofHours(24),
                Duration.ofHours(1),
                backoff,
                Duration.ofSeconds(300),
                false,
                List.of(USER_ERROR),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                quarantine,
                Duration.ofSeconds(900));
    }

    static JobFacts job(FailurePolicy policy) {
        return new JobFacts("gpt", 500, false, true, policy, LIMITS);
    }

    Scene slot(int number, UnaryOperator<SlotView> change) {
        slots.set(number, change.apply(slots.get(number)));
        return this;
    }

    Scene everySlot(UnaryOperator<SlotView> change) {
        slots.replaceAll(change);
        return this;
    }

    Scene slots(List<SlotView> views) {
        slots.clear();
        slots.addAll(views);
        return this;
    }

    Scene attempt(ClaimedAttempt attempt) {
        attempts.add(attempt);
        return this;
    }

    Scene journal(Journal other) {
        journal = other;
        return this;
    }

    Scene planning(PlanningState other) {
        planning = other;
        return this;
    }

    Scene inventory(Inventory other) {
        inventory = other;
        return this;
    }

    Scene job(JobFacts other) {
        job = other;
        return this;
    }

    Scene maxRestarts(int count) {
        return job(job(failurePolicy(count)));
    }

    Scene leftovers(List<Leftover> others) {
        leftovers.addAll(others);
        return this;
    }

    Scene lostNodes(List<LostNode> nodes) {
        lostNodes.addAll(nodes);
        return this;
    }

    Observation observation() {
        return new Observation(job, attempts, slots, leftovers, lostNodes, planning, inventory, 12, journal);
    }

    Round decide() {
        return decide(NOW);
    }

    Round decide(Instant now) {
        return Lifecycle.decide(observation(), now);
    }

    static SlotView presence(SlotView view, Presence presence) {
        return new SlotView(
                view.slot(),
                presence,
                view.session(),
                view.engine(),
                view.report(),
                view.lastExit(),
                view.edges(),
                view.drain(),
                view.orders());
    }

    /// Where it runs.
    static SlotView node(SlotView view, String node) {
        return presence(view, new Presence.Up(1, NOW.minusSeconds(90), node, null));
    }

    /// It has been asked to leave.
    static SlotView leaving(SlotView view, String reason) {
        return presence(view, new Presence.Up(1, NOW.minusSeconds(90), "", new Drain(NOW, reason)));
    }

    /// What a worker says that cannot go on.
    static UnaryOperator<SlotView> failed(Problem problem) {
        return view -> reporting(view, report(WorkerPhase.FAILED, 12, problem));
    }

    static SlotView session(SlotView view, Session session) {
        return new SlotView(
                view.slot(),
                view.presence(),
                session,
                view.engine(),
                view.report(),
                view.lastExit(),
                view.edges(),
                view.drain(),
                view.orders());
    }

    static SlotView reporting(SlotView view, @Nullable AttemptReport report) {
        return new SlotView(
                view.slot(),
                view.presence(),
                view.session(),
                view.engine(),
                report,
                view.lastExit(),
                view.edges(),
                view.drain(),
                view.orders());
    }

    static SlotView edges(SlotView view, List<EdgeReport> edges) {
        return new SlotView(
                view.slot(),
                view.presence(),
                view.session(),
                view.engine(),
                view.report(),
                view.lastExit(),
                edges,
                view.drain(),
                view.orders());
    }

    static SlotView orders(SlotView view, Orders orders) {
        return new SlotView(
                view.slot(),
                view.presence(),
                view.session(),
                view.engine(),
                view.report(),
                view.lastExit(),
                view.edges(),
                view.drain(),
                orders);
    }

    /// Its engine does not answer its supervisor.
    static SlotView hung(SlotView view) {
        EngineState.Up up = (EngineState.Up) view.engine();
        return new SlotView(
                view.slot(),
                view.presence(),
                view.session(),
                new EngineState.Up(up.pid(), up.address(), up.numericsFingerprint(), up.standbyReady(), false),
                view.report(),
                view.lastExit(),
                view.edges(),
                view.drain(),
                view.orders());
    }

    /// Its engine was killed and nothing took over yet.
    static SlotView dead(SlotView view) {
        return engineExited(view, 137, 9, 0);
    }

    /// Its engine ended; a standby took over when `next` is not 0.
    static SlotView engineExited(SlotView view, int exitCode, int signal, long next) {
        EngineState engine = next == 0
                ? new EngineState.Down(NOW)
                : new EngineState.Up(next, "host:" + next, "numerics", false, true);
        return new SlotView(
                view.slot(),
                view.presence(),
                view.session(),
                engine,
                null,
                new EngineExit(100 + view.slot(), exitCode, signal, "one\nlast words"),
                List.of(),
                view.drain(),
                view.orders());
    }
}
