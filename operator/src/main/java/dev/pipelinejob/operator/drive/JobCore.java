package dev.pipelinejob.operator.drive;

import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.operator.lifecycle.Decision;
import dev.pipelinejob.operator.lifecycle.JobFacts;
import dev.pipelinejob.operator.lifecycle.Journal;
import dev.pipelinejob.operator.lifecycle.Leftover;
import dev.pipelinejob.operator.lifecycle.Lifecycle;
import dev.pipelinejob.operator.lifecycle.Observation;
import dev.pipelinejob.operator.lifecycle.PlanningState;
import dev.pipelinejob.operator.lifecycle.Presence;
import dev.pipelinejob.operator.lifecycle.Round;
import dev.pipelinejob.operator.lifecycle.SlotView;
import dev.pipelinejob.operator.monitor.MonitorEvent;
import dev.pipelinejob.operator.monitor.Roster;
import dev.pipelinejob.operator.planning.AttemptRecord;
import dev.pipelinejob.protocol.control.Progress;
import dev.pipelinejob.protocol.control.WorkerMessage;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One job, round by round: observe, decide, keep the journal, carry out. One thread at a time uses it.
public final class JobCore implements AutoCloseable {
    /// So long workers that do not hear from us may still commit checkpoints.
    private static final Duration LEASE = Duration.ofSeconds(60);

    private static final Duration RENEWAL = LEASE.dividedBy(3);
    private static final int MAX_ROUNDS_AT_ONCE = 32;
    private static final Logger LOG = LoggerFactory.getLogger(JobCore.class);

    private final Parts parts;
    private final DecisionExecutor executor;
    private final Recoveries recoveries = new Recoveries();
    private JobFacts facts;
    private Journal journal;
    private Instant nextLease = Instant.MIN;

    /// What a job is driven with.
    ///
    /// @param spec admitted, defaults filled in
    /// @param names what workers are told of themselves
    /// @param slots the workers
    /// @param journals where the journal is kept
    /// @param places where workers may be
    /// @param roster the workers' last words
    /// @param plans the planner's desk
    /// @param training how far the training is
    /// @param clock the wall clock
    public record Parts(
            PipelineJobSpec spec,
            WorkerNames names,
            SlotDriver slots,
            JournalStore journals,
            Places places,
            Roster roster,
            PlanDesk plans,
            Training training,
            Clock clock) {}

    /// What came of looking at the job.
    public sealed interface Outcome {
        /// Nothing more can be done now.
        ///
        /// @param facts as they are now
        /// @param decided what was decided and carried out, in order
        /// @param recovered the recoveries that completed their first step
        /// @param until when to look again at the latest
        record Settled(StatusComposer.Facts facts, List<Decision> decided, List<Recovery> recovered, Instant until)
                implements Outcome {
            public Settled {
                decided = List.copyOf(decided);
                recovered = List.copyOf(recovered);
            }

            /// How the job ended; null while it goes on.
            public Journal.@Nullable Ending ended() {
                return facts.round().journal().ended();
            }
        }

        /// Another driver has the job: it wrote the journal after this one had read it.
        record Superseded() implements Outcome {}
    }

    private JobCore(Parts parts, JobFacts facts, DecisionExecutor executor, Journal journal) {
        this.parts = parts;
        this.facts = facts;
        this.executor = executor;
        this.journal = journal;
    }

    /// Reads what the last driver left.
    public static JobCore open(Parts parts, JobFacts facts) throws IOException {
        Journal journal = parts.journals().read();
        DecisionExecutor executor = new DecisionExecutor(parts);
        executor.attempts().read();
        return new JobCore(parts, facts, executor, journal);
    }

    /// The user changed what may be changed while the job runs.
    public void change(JobFacts changed) {
        facts = changed;
    }

    /// The job holds no workers any more: what it was planned on is free for others.
    public void giveBack() {
        parts.plans().forget();
    }

    /// Workers that an earlier driver started and that are still there: they will call.
    public void adopt() {
        Instant now = parts.clock().instant();
        parts.slots().presences().forEach((slot, presence) -> {
            if (presence.incarnation() != Presence.NO_INCARNATION) {
                parts.roster().expect(parts.names().worker(slot, presence.incarnation()), now);
            }
        });
    }

    /// The claimed attempts.
    public Attempts attempts() {
        return executor.attempts();
    }

    /// Takes note of what happened on a control stream.
    public void take(MonitorEvent event, Instant at) {
        parts.roster().take(event, at);
        switch (event) {
            case MonitorEvent.Connected connected -> {
                parts.training()
                        .take(WorkerMessage.newBuilder()
                                .setHello(connected.hello())
                                .build());
                parts.roster().lease(connected.worker().slot(), LEASE);
            }
            case MonitorEvent.Received received -> {
                parts.training().take(received.message());
                if (received.message().hasProgress()) {
                    measured(received.message().getProgress());
                }
            }
            case MonitorEvent.Disconnected disconnected ->
                LOG.info(
                        "The session of slot {} ended: {}.",
                        disconnected.worker().slot(),
                        disconnected.reason());
        }
    }

    private void measured(Progress progress) {
        AttemptRecord attempt = attempts().find(progress.getAttempt());
        if (attempt != null && progress.getStageCostsCount() > 0) {
            parts.plans().measured(attempt.digest(), progress.getStageCostsList());
        }
    }

    /// Does all that can be done now.
    public Outcome settle() throws IOException {
        renewLeases();
        List<Decision> decided = new ArrayList<>();
        List<Recovery> recovered = new ArrayList<>();
        for (int number = 1; ; number++) {
            Instant now = parts.clock().instant();
            Observation seen = observe();
            Round round = Lifecycle.decide(seen, now);
            if (!round.journal().equals(journal)) {
                if (!parts.journals().save(round.journal())) {
                    return new Outcome.Superseded();
                }
                journal = round.journal();
            }
            boolean again = false;
            for (Decision decision : round.decisions()) {
                again |= executor.execute(decision, now);
            }
            decided.addAll(round.decisions());
            Recovery recovery = recoveries.note(seen, journal, now);
            if (recovery != null) {
                recovered.add(recovery);
            }
            if (!again || journal.ended() != null || number == MAX_ROUNDS_AT_ONCE) {
                Instant until = number == MAX_ROUNDS_AT_ONCE ? now : until(round.decisions());
                return new Outcome.Settled(facts(seen, round), decided, recovered, until);
            }
        }
    }

    private Instant until(List<Decision> decisions) {
        Instant until = nextLease;
        for (Decision decision : decisions) {
            if (decision instanceof Decision.WaitUntil wait && wait.instant().isBefore(until)) {
                until = wait.instant();
            }
        }
        return until;
    }

    /// How things are, without doing anything about them.
    public StatusComposer.Facts look() {
        Observation seen = observe();
        return facts(seen, Lifecycle.decide(seen, parts.clock().instant()));
    }

    /// Asks every worker that runs to end itself.
    public void shutDown(String reason) {
        for (Map.Entry<Integer, Presence> slot : parts.slots().presences().entrySet()) {
            if (slot.getValue() instanceof Presence.Up) {
                boolean _ = parts.roster().shutdown(slot.getKey(), reason);
            }
        }
    }

    private StatusComposer.Facts facts(Observation seen, Round round) {
        AttemptRecord newest = attempts().newest();
        return new StatusComposer.Facts(
                seen,
                round,
                parts.training(),
                parts.roster(),
                newest,
                parts.plans().newest(),
                newest == null ? null : parts.plans().planOf(newest),
                recoveries.finished());
    }

    private Observation observe() {
        SortedMap<Integer, Presence> presences = parts.slots().presences();
        PlanningState planning = parts.plans().state();
        TreeSet<Integer> numbers = new TreeSet<>(presences.keySet());
        if (planning instanceof PlanningState.Proposed proposed) {
            numbers.addAll(proposed.plan().slots());
        }
        List<SlotView> slots = new ArrayList<>();
        TreeSet<String> nodes = new TreeSet<>();
        for (int slot : numbers) {
            Presence presence = presences.getOrDefault(slot, new Presence.Absent());
            nodes.add(presence.node());
            slots.add(parts.roster().view(slot, presence));
        }
        List<Leftover> leftovers = parts.slots().leftovers();
        leftovers.forEach(leftover -> nodes.add(leftover.node()));
        nodes.remove(Presence.NO_NODE);
        return new Observation(
                facts,
                attempts().claimed(),
                slots,
                leftovers,
                parts.places().lost(nodes),
                planning,
                parts.training().inventory(),
                parts.training().reachedStep(),
                journal);
    }

    private void renewLeases() {
        Instant now = parts.clock().instant();
        if (!now.isBefore(nextLease)) {
            nextLease = now.plus(RENEWAL);
            parts.roster().leaseAll(LEASE);
        }
    }

    @Override
    public void close() {
        parts.plans().close();
    }
}
