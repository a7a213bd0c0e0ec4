package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.planning.AttemptRecord;
import dev.pipelinejob.operator.planning.PlanningOutcome;
import dev.pipelinejob.operator.planning.Timeline;
import dev.pipelinejob.operator.planning.TimelineJson;
import dev.pipelinejob.protocol.control.WorkerMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What people see of a run: `status.json`, `loss.csv`, the listener; and at the end the model and the timeline.
final class RunReport {
    private static final Logger LOG = LoggerFactory.getLogger(RunReport.class);
    private static final Duration STATUS_EVERY = Duration.ofMillis(250);
    private static final Duration LOSSES_EVERY = Duration.ofSeconds(2);

    private final JobFolder folder;
    private final String job;
    private final PlanDesk plans;
    private final Attempts attempts;
    private final RunListener listener;
    private final StatusComposer composer;
    private final LossCurve losses;
    private final Training training;
    private final Traces traces;
    private final Recoveries recoveries = new Recoveries();
    private Instant statusAt = Instant.MIN;
    private Instant lossesAt = Instant.MIN;
    private String lastSentence = "";

    private RunReport(JobLoop.Parts parts, Attempts attempts, RunListener listener, LossCurve losses) {
        this.folder = parts.setup().folder();
        this.job = parts.setup().name();
        this.plans = parts.plans();
        this.attempts = attempts;
        this.listener = listener;
        this.losses = losses;
        this.composer =
                new StatusComposer(folder.model(), ProcessHandle.current().pid());
        this.training = new Training(losses.lastStep());
        this.traces = new Traces();
    }

    static RunReport open(JobLoop.Parts parts, Attempts attempts, RunListener listener) throws IOException {
        JobFolder folder = parts.setup().folder();
        LossCurve losses = new LossCurve(folder.lossSegments());
        if (losses.refresh()) {
            // Workers went on, perhaps to the end, after the last driver wrote it.
            losses.write(folder.losses());
        }
        return new RunReport(parts, attempts, listener, losses);
    }

    Training training() {
        return training;
    }

    List<Recovery> recoveries() {
        return recoveries.finished();
    }

    void take(WorkerMessage message) {
        if (message.hasTrace()) {
            traces.take(message.getTrace());
        }
    }

    /// Shows one round, and writes what is due.
    void show(StatusComposer.Facts facts, Instant now) throws IOException {
        Recovery recovery = recoveries.note(facts.seen(), facts.round().journal(), now);
        boolean news = recovery != null || !facts.round().sentence().equals(lastSentence);
        lastSentence = facts.round().sentence();
        if (news || !now.isBefore(statusAt.plus(STATUS_EVERY))) {
            statusAt = now;
            LocalStatus status = composer.compose(facts, now);
            JsonFiles.replace(folder.status(), status);
            listener.changed(status);
        }
        if (recovery != null) {
            listener.recovered(recovery);
        }
        if (!now.isBefore(lossesAt.plus(LOSSES_EVERY))) {
            lossesAt = now;
            writeLosses();
        }
    }

    private void writeLosses() throws IOException {
        if (losses.refresh() || !Files.exists(folder.losses())) {
            losses.write(folder.losses());
        }
    }

    /// The last words of a run.
    void close(StatusComposer.Facts facts, RunOutcome outcome, Instant now) throws IOException {
        writeLosses();
        drawTimeline();
        if (outcome instanceof RunOutcome.Completed) {
            publishModel();
        }
        LocalStatus status = composer.compose(facts, now);
        JsonFiles.replace(folder.status(), status);
        listener.changed(status);
    }

    private void drawTimeline() throws IOException {
        AttemptRecord attempt = attempts.find(traces.attempt());
        PlanningOutcome.Planned planned = attempt == null ? null : plans.planOf(attempt);
        if (planned != null) {
            Timeline timeline = Timeline.of(job, planned, traces.attempt(), traces.step(), traces.ranks());
            AtomicFiles.replace(folder.traces(), TimelineJson.write(timeline));
            AtomicFiles.replace(folder.timeline(), timeline.svg());
        }
    }

    private void publishModel() throws IOException {
        Path finished = folder.checkpoints().resolve("model.safetensors");
        if (!Files.exists(finished)) {
            LOG.warn("The store has no {}.", finished);
            return;
        }
        Path unfinished = folder.root().resolve(".model.safetensors.unfinished");
        Files.deleteIfExists(unfinished);
        try {
            Files.createLink(unfinished, finished);
        } catch (IOException | UnsupportedOperationException _) {
            Files.copy(finished, unfinished);
        }
        AtomicFiles.move(unfinished, folder.model());
    }
}
