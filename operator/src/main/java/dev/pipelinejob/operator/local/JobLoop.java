package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.drive.JobCore;
import dev.pipelinejob.operator.drive.Places;
import dev.pipelinejob.operator.drive.PlanDesk;
import dev.pipelinejob.operator.drive.StatusComposer;
import dev.pipelinejob.operator.drive.Training;
import dev.pipelinejob.operator.lifecycle.Journal;
import dev.pipelinejob.operator.monitor.ControlServer;
import dev.pipelinejob.operator.monitor.MonitorEvent;
import dev.pipelinejob.operator.monitor.Roster;
import dev.pipelinejob.operator.planning.JobFactsTranslation;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Wait for an event or for time to pass; then let the job settle and show it. One thread.
final class JobLoop {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final JobFactsTranslation.Waits WAITS = new JobFactsTranslation.Waits(Duration.ofMinutes(2));

    private static final String STOPPED = "Stopped; the same command goes on from the last checkpoint.";

    private final Inbox inbox;
    private final LocalSlots slots;
    private final Training training;
    private final JobCore core;
    private final RunReport report;
    private final ControlServer server;
    private final Clock clock;
    private volatile boolean stopRequested;

    /// What the loop holds together.
    record Parts(
            LocalSetup setup,
            LocalJob job,
            Inbox inbox,
            LocalSlots slots,
            Places places,
            Roster roster,
            PlanDesk plans,
            ControlServer server) {}

    private JobLoop(Parts parts, Training training, JobCore core, RunReport report) {
        this.inbox = parts.inbox();
        this.slots = parts.slots();
        this.training = training;
        this.core = core;
        this.report = report;
        this.server = parts.server();
        this.clock = parts.setup().clock();
    }

    static JobLoop open(Parts parts, RunListener listener) throws IOException {
        LocalSetup setup = parts.setup();
        LossCurve losses = RunReport.losses(setup.folder());
        Training training = new Training(losses.lastStep());
        JobCore core = JobCore.open(
                new JobCore.Parts(
                        setup.spec(),
                        new LocalWorkerNames(setup, parts.job()),
                        parts.slots(),
                        new JournalFile(setup.folder().journal()),
                        parts.places(),
                        parts.roster(),
                        parts.plans(),
                        training,
                        setup.clock()),
                JobFactsTranslation.jobFacts(setup.name(), setup.spec(), WAITS));
        return new JobLoop(parts, training, core, new RunReport(parts, core.attempts(), losses, listener));
    }

    void requestStop() {
        stopRequested = true;
        inbox.wake();
    }

    RunOutcome run() throws IOException, InterruptedException {
        while (true) {
            server.renewIfDue(clock.instant());
            JobCore.Outcome.Settled settled = settle();
            RunOutcome outcome = outcome(settled);
            if (outcome != null) {
                return finish(outcome);
            }
            Instant latest = clock.instant().plus(LONGEST_WAIT);
            Instant until = settled.until().isBefore(latest) ? settled.until() : latest;
            for (DriverEvent event : inbox.await(Duration.between(clock.instant(), until))) {
                if (event instanceof DriverEvent.Stream stream) {
                    take(stream.event(), stream.at());
                }
            }
        }
    }

    private JobCore.Outcome.Settled settle() throws IOException {
        return switch (core.settle()) {
            case JobCore.Outcome.Superseded _ ->
                throw new IllegalStateException(
                        "Another driver wrote the journal of a folder that this one has locked.");
            case JobCore.Outcome.Settled settled -> {
                report.show(settled, clock.instant());
                yield settled;
            }
        };
    }

    private @Nullable RunOutcome outcome(JobCore.Outcome.Settled settled) {
        Journal.Ending ended = settled.ended();
        if (ended == null) {
            return stopRequested ? new RunOutcome.Stopped(training.step()) : null;
        }
        return ended.complete()
                ? new RunOutcome.Completed(settled.facts().seen().job().totalSteps())
                : new RunOutcome.Failed(ended.message(), ended.userError());
    }

    private void take(MonitorEvent event, Instant at) {
        core.take(event, at);
        if (event instanceof MonitorEvent.Received received) {
            report.take(received.message());
        }
    }

    private RunOutcome finish(RunOutcome outcome) throws IOException, InterruptedException {
        String reason =
                switch (outcome) {
                    case RunOutcome.Completed _ -> "the job is complete";
                    case RunOutcome.Failed _ -> "the job failed";
                    case RunOutcome.Stopped _ -> "the run was asked to stop";
                };
        core.shutDown(reason);
        slots.awaitEnd(inbox, reason);
        StatusComposer.Facts facts = core.look();
        boolean stopped = outcome instanceof RunOutcome.Stopped;
        report.close(stopped ? facts.held(STOPPED) : facts, outcome, clock.instant());
        return outcome;
    }
}
