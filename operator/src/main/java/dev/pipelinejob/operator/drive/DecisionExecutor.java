package dev.pipelinejob.operator.drive;

import dev.pipelinejob.operator.lifecycle.Decision;
import dev.pipelinejob.operator.lifecycle.Presence;
import dev.pipelinejob.operator.monitor.Roster;
import dev.pipelinejob.operator.planning.AttemptRecord;
import dev.pipelinejob.operator.planning.PlanningOutcome;
import dev.pipelinejob.protocol.control.Prepare;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out decisions, one after the other; carrying one out again changes nothing.
final class DecisionExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(DecisionExecutor.class);

    private final WorkerNames names;
    private final SlotDriver slots;
    private final Roster roster;
    private final PlanDesk plans;
    private final Attempts attempts;
    private final PrepareMessages messages;

    DecisionExecutor(JobCore.Parts parts) {
        this.names = parts.names();
        this.slots = parts.slots();
        this.roster = parts.roster();
        this.plans = parts.plans();
        this.attempts = new Attempts(slots);
        this.messages = new PrepareMessages(parts.spec(), names);
    }

    /// The attempts claimed so far.
    Attempts attempts() {
        return attempts;
    }

    /// Carries out one decision; true when another look is worth while at once.
    boolean execute(Decision decision, Instant now) throws IOException {
        if (!(decision instanceof Decision.WaitUntil)) {
            LOG.info("Decided: {}", decision);
        }
        switch (decision) {
            case Decision.Plan plan -> plans.ask(plan, nodes(plan.keep()), attempts.newest());
            case Decision.StartSlot start -> start(start.slot(), start.incarnation(), start.node(), now);
            case Decision.ReplaceSlot replace -> {
                // One that leaves in its own time would hold its node's room against the next one.
                boolean _ = roster.shutdown(replace.slot(), replace.reason());
                start(replace.slot(), replace.incarnation(), replace.node(), now);
            }
            case Decision.ClaimAttempt claim -> claim(claim, now);
            case Decision.Prepare prepare -> prepare(prepare, now);
            case Decision.StartTraining start -> roster.start(start.slot(), start.attempt(), now);
            case Decision.AbortAttempt abort -> roster.abort(abort.slot(), abort.attempt(), abort.reason(), now);
            case Decision.PauseAttempt pause -> roster.pause(pause.slot(), pause.attempt(), now);
            case Decision.KillEngine kill -> roster.killEngine(kill.slot(), kill.pid(), kill.reason(), now);
            case Decision.ReleaseSlot release -> release(release);
            case Decision.ForceDelete force -> {
                slots.forceDelete(force.slot(), force.incarnation());
                return false;
            }
            case Decision.DeleteJob _, Decision.Complete _, Decision.Fail _, Decision.WaitUntil _ -> {
                return false;
            }
        }
        return true;
    }

    private SortedMap<Integer, String> nodes(List<Integer> kept) {
        SortedMap<Integer, Presence> presences = slots.presences();
        SortedMap<Integer, String> nodes = new TreeMap<>();
        for (int slot : kept) {
            Presence presence = presences.get(slot);
            // One that ended since it was decided that it stays is missed in the next round.
            if (presence instanceof Presence.Starting || presence instanceof Presence.Up) {
                nodes.put(slot, presence.node());
            }
        }
        return nodes;
    }

    private void start(int slot, int incarnation, String node, Instant now) throws IOException {
        slots.start(slot, incarnation, node);
        roster.expect(names.worker(slot, incarnation), now);
    }

    private void claim(Decision.ClaimAttempt claim, Instant now) throws IOException {
        PlanningOutcome.Planned planned = plans.planNamed(claim.plan().digest());
        if (planned == null) {
            throw new IllegalStateException("Attempt " + claim.number() + " is to follow plan "
                    + claim.plan().digest() + ", which planning did not propose.");
        }
        if (attempts.claim(AttemptRecord.of(claim, planned, now))) {
            plans.seated(claim.plan());
        }
    }

    private void prepare(Decision.Prepare decision, Instant now) {
        AttemptRecord attempt = attempts.find(decision.attempt());
        PlanningOutcome.Planned planned = attempt == null ? null : plans.planOf(attempt);
        if (attempt == null || planned == null) {
            LOG.warn("Attempt {} cannot be prepared: its plan cannot be made again.", decision.attempt());
            return;
        }
        Prepare message = messages.of(attempt, planned, decision.rank());
        if (message == null) {
            LOG.warn("Attempt {} cannot be prepared: one of its workers is gone.", decision.attempt());
            return;
        }
        roster.prepare(decision.slot(), message, now);
    }

    private void release(Decision.ReleaseSlot release) throws IOException {
        boolean _ = roster.shutdown(release.slot(), release.reason());
        slots.end(release.slot(), release.reason());
    }
}
