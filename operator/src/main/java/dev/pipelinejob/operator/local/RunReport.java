package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.drive.Attempts;
import dev.pipelinejob.operator.drive.JobCore;
import dev.pipelinejob.operator.drive.PlanDesk;
import dev.pipelinejob.operator.drive.StatusComposer;
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
    private final LocalStatusComposer composer;
    private final LossCurve losses;
    private final Traces traces = new Traces();
    private Instant statusAt = Instant.MIN;
    private Instant lossesAt = Instant.MIN;
    private String lastSentence = "";

    RunReport(JobLoop.Parts parts, Attempts attempts, LossCurve losses, RunListener listener) {
        this.folder = parts.setup().folder();
        this.job = parts.setup().name();
        this.plans = parts.plans();
        this.attempts = attempts;
        this.losses = losses;
        this.listener = listener;
        this.composer =
                new LocalStatusComposer(folder.model(), ProcessHandle.current().pid());
    }

    /// The losses so far. Workers went on, perhaps to the end, after the last driver wrote them.
    static LossCurve losses(JobFolder folder) throws IOException {
        LossCurve losses = new LossCurve(folder.lossSegments());
        if (losses.refresh()) {
            losses.write(folder.losses());
        }
        return losses;
    }

    void take(WorkerMessage message) {
        if (message.hasTrace()) {
            traces.take(message.getTrace());
        }
    }

    /// Shows how the job settled, and writes what is due.
    void show(JobCore.Outcome.Settled settled, Instant now) throws IOException {
        String sentence = settled.facts().round().sentence();
        boolean news = !settled.recovered().isEmpty() || !sentence.equals(lastSentence);
        lastSentence = sentence;
        if (news || !now.isBefore(statusAt.plus(STATUS_EVERY))) {
            statusAt = now;
            LocalStatus status = composer.compose(settled.facts(), now);
            JsonFiles.replace(folder.status(), status);
            listener.changed(status);
        }
        settled.recovered().forEach(listener::recovered);
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
