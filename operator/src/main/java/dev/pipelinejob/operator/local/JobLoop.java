package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.lifecycle.Decision;
import dev.pipelinejob.operator.lifecycle.JobFacts;
import dev.pipelinejob.operator.lifecycle.Journal;
import dev.pipelinejob.operator.lifecycle.Lifecycle;
import dev.pipelinejob.operator.lifecycle.Observation;
import dev.pipelinejob.operator.lifecycle.PlanningState;
import dev.pipelinejob.operator.lifecycle.Presence;
import dev.pipelinejob.operator.lifecycle.Round;
import dev.pipelinejob.operator.lifecycle.SlotView;
import dev.pipelinejob.operator.monitor.MonitorEvent;
import dev.pipelinejob.operator.monitor.Roster;
import dev.pipelinejob.operator.monitor.Sessions;
import dev.pipelinejob.operator.planning.AttemptRecord;
import dev.pipelinejob.operator.planning.JobFactsTranslation;
import dev.pipelinejob.protocol.control.Lease;
import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.control.Progress;
import dev.pipelinejob.protocol.control.WorkerMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/// Wait for an event or for time to pass; observe, decide, apply, report. One thread.
final class JobLoop {
    private static final Logger LOG = LoggerFactory.getLogger(JobLoop.class);
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final Duration RENEWAL = LEASE.dividedBy(3);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final int MAX_ROUNDS_AT_ONCE = 32;
    private static final JobFactsTranslation.Waits WAITS =
            new JobFactsTranslation.Waits(Duration.ofMinutes(2), Duration.ofMinutes(2));

    private final Parts parts;
    private final JobFacts facts;
    private final Clock clock;
    private final DecisionExecutor executor;
    private final RunReport report;
    private final Path journalFile;
    private final Training training;
    private Journal journal;
    private Instant nextLease = Instant.MIN;
    private volatile boolean stopRequested;

    /// What the loop holds together.
    record Parts(
            LocalSetup setup,
            LocalJob job,
            Inbox inbox,
            LocalSlots slots,
            Roster roster,
            Sessions sessions,
            PlanDesk plans) {}

    private JobLoop(Parts parts, DecisionExecutor executor, RunReport report, Journal journal, Path journalFile) {
        this.parts = parts;
        this.clock = parts.setup().clock();
        this.facts =
                JobFactsTranslation.jobFacts(parts.setup().name(), parts.setup().spec(), WAITS);
        this.executor = executor;
        this.report = report;
        this.journal = journal;
        this.journalFile = journalFile;
        this.training = report.training();
    }

    static JobLoop open(Parts parts, RunListener listener) throws IOException {
        Path journalFile = parts.setup().folder().root().resolve("journal.json");
        Journal journal = Files.exists(journalFile) ? JsonFiles.read(journalFile, Journal.class) : Journal.EMPTY;
        DecisionExecutor executor =
                new DecisionExecutor(parts.setup(), parts.job(), parts.slots(), parts.roster(), parts.plans());
        executor.attempts().read();
        RunReport report = RunReport.open(parts, executor.attempts(), listener);
        return new JobLoop(parts, executor, report, journal, journalFile);
    }

    void requestStop() {
        stopRequested = true;
        parts.inbox().wake();
    }

    RunOutcome run() throws IOException, InterruptedException {
        while (true) {
            renewLease();
            Instant until = clock.instant().plus(LONGEST_WAIT);
            for (int round = 0; round < MAX_ROUNDS_AT_ONCE; round++) {
                Settled settled = round();
                if (settled.outcome() != null) {
                    return finish(settled.outcome());
                }
                if (settled.until().isBefore(until)) {
                    until = settled.until();
                }
                if (!settled.again()) {
                    break;
                }
            }
            if (stopRequested) {
                return finish(new RunOutcome.Stopped(training.step()));
            }
            for (DriverEvent event : parts.inbox().await(Duration.between(clock.instant(), until))) {
                if (event instanceof DriverEvent.Stream stream) {
                    take(stream.event(), stream.at());
                }
            }
        }
    }

    /// @param outcome not null when the job has ended
    /// @param again whether another round is worth while at once
    /// @param until when to look again at the latest
    private record Settled(@Nullable RunOutcome outcome, boolean again, Instant until) {}

    private Settled round() throws IOException {
        Instant now = clock.instant();
        Observation seen = observe();
        Round round = Lifecycle.decide(seen, now);
        if (!round.journal().equals(journal)) {
            journal = round.journal();
            JsonFiles.replace(journalFile, journal);
        }
        RunOutcome outcome = null;
        boolean again = false;
        Instant until = now.plus(LONGEST_WAIT);
        for (Decision decision : round.decisions()) {
            again |= executor.execute(decision, now);
            if (decision instanceof Decision.WaitUntil wait && wait.instant().isBefore(until)) {
                until = wait.instant();
            } else if (decision instanceof Decision.Complete complete) {
                outcome = new RunOutcome.Completed(complete.step());
            } else if (decision instanceof Decision.Fail fail) {
                outcome = new RunOutcome.Failed(fail.message(), fail.userError());
            }
        }
        report.show(facts(seen, round), now);
        return new Settled(outcome, again, until);
    }

    private StatusComposer.Facts facts(Observation seen, Round round) {
        AttemptRecord newest = executor.attempts().newest();
        return new StatusComposer.Facts(
                seen,
                round,
                training,
                parts.roster(),
                newest,
                parts.plans().newest(),
                newest == null ? null : parts.plans().planOf(newest),
                report.recoveries());
    }

    private Observation observe() {
        SortedMap<Integer, Presence> presences = parts.slots().presences();
        PlanningState planning = parts.plans().state();
        TreeSet<Integer> numbers = new TreeSet<>(presences.keySet());
        if (planning instanceof PlanningState.Proposed proposed) {
            numbers.addAll(proposed.plan().slots());
        }
        List<SlotView> slots = new ArrayList<>();
        for (int slot : numbers) {
            slots.add(parts.roster().view(slot, presences.getOrDefault(slot, new Presence.Absent())));
        }
        return new Observation(
                facts,
                executor.attempts().claimed(),
                slots,
                planning,
                training.inventory(),
                training.reachedStep(),
                journal);
    }

    private void take(MonitorEvent event, Instant at) {
        parts.roster().take(event, at);
        switch (event) {
            case MonitorEvent.Connected connected -> {
                training.take(
                        WorkerMessage.newBuilder().setHello(connected.hello()).build());
                boolean _ = parts.sessions().send(connected.worker(), lease());
            }
            case MonitorEvent.Received received -> {
                training.take(received.message());
                report.take(received.message());
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
        AttemptRecord attempt = executor.attempts().find(progress.getAttempt());
        if (attempt != null && progress.getStageCostsCount() > 0) {
            parts.plans().measured(attempt.digest(), progress.getStageCostsList());
        }
    }

    private void renewLease() {
        Instant now = clock.instant();
        if (!now.isBefore(nextLease)) {
            nextLease = now.plus(RENEWAL);
            parts.sessions().sendAll(lease());
        }
    }

    private static OperatorMessage lease() {
        return OperatorMessage.newBuilder()
                .setLease(Lease.newBuilder().setSeconds(LEASE.toSeconds()))
                .build();
    }

    private RunOutcome finish(RunOutcome outcome) throws IOException, InterruptedException {
        String reason =
                switch (outcome) {
                    case RunOutcome.Completed _ -> "the job is complete";
                    case RunOutcome.Failed _ -> "the job failed";
                    case RunOutcome.Stopped _ -> "the run was asked to stop";
                };
        for (Map.Entry<Integer, Presence> slot : parts.slots().presences().entrySet()) {
            if (slot.getValue() instanceof Presence.Up) {
                boolean _ = parts.roster().shutdown(slot.getKey(), reason);
            }
        }
        parts.slots().awaitEnd(parts.inbox(), reason);
        Observation seen = observe();
        Instant now = clock.instant();
        report.close(facts(seen, Lifecycle.decide(seen, now)), outcome, now);
        return outcome;
    }
}
