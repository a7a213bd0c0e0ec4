package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.operator.monitor.MonitorEvent;
import dev.pipelinejob.operator.monitor.MonitorSink;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.EventHandler;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// What workers report, in one bounded queue a job; whatever arrives makes its job look at once.
public final class WorkerMail extends AbstractEventSource<WorkerMail.Letter, PipelineJob>
        implements MonitorSink, ResourceEventAware<PipelineJob> {
    /// More than this and the streams of the job wait, so that TCP slows its workers down.
    private static final int MAX_LETTERS = 4096;

    private final Map<String, BlockingQueue<Letter>> byJob = new ConcurrentHashMap<>();
    private final Map<String, ResourceID> names = new ConcurrentHashMap<>();
    private final Clock clock;
    private final Consumer<String> onDeleted;

    /// One event of a control stream.
    ///
    /// @param event what happened
    /// @param at when
    public record Letter(MonitorEvent event, Instant at) {}

    /// @param onDeleted takes the UID of a job that was deleted
    public WorkerMail(Clock clock, Consumer<String> onDeleted) {
        super(Letter.class, "worker-reports");
        this.clock = clock;
        this.onDeleted = onDeleted;
    }

    @Override
    public void accept(MonitorEvent event) throws InterruptedException {
        String job = event.worker().jobUid();
        queue(job).put(new Letter(event, clock.instant()));
        look(job);
    }

    /// Makes a job look; one that nobody has seen yet looks anyway when it is seen first.
    public void look(String jobUid) {
        ResourceID name = names.get(jobUid);
        EventHandler handler = getEventHandler();
        if (name != null && handler != null) {
            handler.handleEvent(new Event(name));
        }
    }

    /// Makes all jobs look.
    public void lookAll() {
        names.keySet().forEach(this::look);
    }

    /// Takes all that has arrived for a job.
    List<Letter> take(PipelineJob job) {
        String uid = job.getMetadata().getUid();
        names.put(uid, ResourceID.fromResource(job));
        List<Letter> letters = new ArrayList<>();
        queue(uid).drainTo(letters);
        return letters;
    }

    private BlockingQueue<Letter> queue(String jobUid) {
        return byJob.computeIfAbsent(jobUid, _ -> new ArrayBlockingQueue<>(MAX_LETTERS));
    }

    @Override
    public void onResourceDeleted(PipelineJob job) {
        String uid = job.getMetadata().getUid();
        names.remove(uid);
        byJob.remove(uid);
        onDeleted.accept(uid);
    }

    @Override
    public Set<Letter> getSecondaryResources(PipelineJob job) {
        return Set.of();
    }
}
