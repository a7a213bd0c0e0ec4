package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.api.ApiNames;
import dev.pipelinejob.api.WorkerPodNames;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.api.v1alpha1.Placement;
import dev.pipelinejob.operator.apply.EventRecorder;
import dev.pipelinejob.operator.apply.JobConfigMaps;
import dev.pipelinejob.operator.apply.PodSlots;
import dev.pipelinejob.operator.apply.StatusWriter;
import dev.pipelinejob.operator.drive.JobCore;
import dev.pipelinejob.operator.drive.PlanDesk;
import dev.pipelinejob.operator.drive.StatusComposer;
import dev.pipelinejob.operator.drive.Training;
import dev.pipelinejob.operator.lifecycle.Decision;
import dev.pipelinejob.operator.lifecycle.Hold;
import dev.pipelinejob.operator.lifecycle.JobFacts;
import dev.pipelinejob.operator.lifecycle.JobState;
import dev.pipelinejob.operator.monitor.Roster;
import dev.pipelinejob.operator.observe.SlotNeeds;
import dev.pipelinejob.operator.planning.ClusterTopology.SlotKind;
import dev.pipelinejob.operator.planning.JobFactsTranslation;
import dev.pipelinejob.operator.planning.JobTranslation;
import dev.pipelinejob.operator.workers.ClusterPaths;
import dev.pipelinejob.operator.workers.SlotPods;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One job as this operator drives it, from when it was first seen until it is gone or another operator has it.
final class ClusterJob implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterJob.class);
    private static final JobFactsTranslation.Waits WAITS = new JobFactsTranslation.Waits(Duration.ofMinutes(5));

    private final Services services;
    private final String uid;
    private final JobCore core;
    private final StatusComposer composer;
    private final StatusPace pace;
    private final StatusWriter writer;
    private final JobNews news = new JobNews();
    /// What stands of a job that was over before it was seen here says more than is known here.
    private final boolean overBefore;

    private final PipelineJobSpec opened;
    private long generation;
    private boolean atRest;
    private volatile boolean waiting = true;

    private ClusterJob(Services services, PipelineJob job, JobCore core) {
        this.services = services;
        this.uid = job.getMetadata().getUid();
        this.core = core;
        PipelineJobStatus status = job.getStatus();
        this.composer = new StatusComposer(status);
        this.pace = new StatusPace(status, services.clock().instant());
        this.overBefore = status != null
                && (status.state() == PipelineJobStatus.JobState.COMPLETE
                        || status.state() == PipelineJobStatus.JobState.FAILED);
        this.writer = new StatusWriter(services.client(), job);
        this.opened = job.getSpec();
        this.generation = job.getMetadata().getGeneration();
    }

    /// Finds what the last operator left of a job.
    static ClusterJob open(Services services, PipelineJob job) throws IOException {
        String uid = job.getMetadata().getUid();
        Runnable wake = () -> services.mail().look(uid);
        SlotPods builder = new SlotPods(job, services.settings());
        JobConfigMaps configMaps = new JobConfigMaps(services.client(), job);
        PodSlots slots = new PodSlots(
                new PodSlots.Kubernetes(cache(services.pods(), uid), services.writer(), wake),
                builder,
                configMaps,
                services.clock());
        slots.adopt();
        ClusterPlaces places = new ClusterPlaces(
                services.view(),
                services.reservations(),
                new ClusterPlaces.Request(
                        uid,
                        SlotNeeds.of(builder.unpinned(), services.settings().architectures()),
                        SlotKind.of(job.getSpec().workerPools().getFirst()),
                        () -> topology(services, job),
                        new JobClaims(services.client(), job)));
        JobCore core = JobCore.open(
                new JobCore.Parts(
                        job.getSpec(),
                        new ClusterWorkerNames(name(job), ClusterPaths.of(job), services.pods()),
                        slots,
                        configMaps,
                        places,
                        new Roster(services.sessions()),
                        new PlanDesk(services.planner(), job.getSpec(), places, services.clock(), wake),
                        new Training(reachedStep(job.getStatus())),
                        services.clock()),
                facts(job));
        core.adopt();
        return new ClusterJob(services, job, core);
    }

    private static PodSlots.Cache cache(OurPods pods, String jobUid) {
        return new PodSlots.Cache() {
            @Override
            public List<Pod> all() {
                return pods.of(jobUid);
            }

            @Override
            public List<Pod> ofSlot(int slot) {
                return pods.of(jobUid, slot);
            }
        };
    }

    private static @Nullable InterconnectTopologySpec topology(Services services, PipelineJob job) {
        Placement.TopologyRef named = job.getSpec().placement().topologyRef();
        return named == null ? null : services.topology().apply(named.name());
    }

    private static JobTranslation.JobName name(PipelineJob job) {
        return new JobTranslation.JobName(
                job.getMetadata().getNamespace(),
                job.getMetadata().getName(),
                job.getMetadata().getUid());
    }

    private static int reachedStep(@Nullable PipelineJobStatus status) {
        return status == null || status.progress() == null || status.progress().step() == null
                ? 0
                : status.progress().step();
    }

    private static JobFacts facts(PipelineJob job) {
        JobFacts facts = JobFactsTranslation.jobFacts(job.getMetadata().getName(), job.getSpec(), WAITS);
        Map<String, String> labels = job.getMetadata().getLabels();
        boolean queued = labels != null && labels.containsKey(ApiNames.QUEUE_LABEL);
        return queued ? facts.held(Hold.QUEUE_MISSING) : facts;
    }

    /// Whether it rests and what it is made from has changed: it is then opened anew, since nothing runs that would
    /// have to be found again.
    boolean isOutdated(PipelineJob job) {
        PipelineJobSpec now = job.getSpec();
        return atRest
                && !(now.workerPools().equals(opened.workerPools())
                        && now.pipeline().equals(opened.pipeline())
                        && now.placement().equals(opened.placement())
                        && now.checkpoint().equals(opened.checkpoint()));
    }

    /// What workers are made from changes only with all of them: those that run go first.
    private static JobFacts changed(JobFacts facts) {
        return facts.hold() == Hold.NONE ? facts.held(Hold.CHANGED) : facts;
    }

    /// Does all that can be done now, and reports it.
    ///
    /// @return when to look again at the latest; null when another operator has the job
    @Nullable
    Instant settle(PipelineJob job, List<WorkerMail.Letter> letters) throws IOException {
        generation = job.getMetadata().getGeneration();
        core.change(job.getSpec().restsAs(opened) ? facts(job) : changed(facts(job)));
        letters.forEach(letter -> core.take(letter.event(), letter.at()));
        return switch (core.settle()) {
            case JobCore.Outcome.Superseded _ -> {
                LOG.warn(
                        "The journal of job {} was written by another operator.",
                        job.getMetadata().getName());
                yield null;
            }
            case JobCore.Outcome.Settled settled -> report(job, settled);
        };
    }

    private @Nullable Instant report(PipelineJob job, JobCore.Outcome.Settled settled) {
        JobState state = settled.facts().round().state();
        atRest = state == JobState.SUSPENDED;
        waiting = state != JobState.RUNNING && settled.ended() == null;
        if (settled.ended() != null || atRest) {
            services.reservations().release(uid);
            core.giveBack();
        }
        Instant now = services.clock().instant();
        PipelineJobStatus status = composer.compose(settled.facts(), generation, modelUri(job, state), now);
        for (EventRecorder.News each : news.of(settled, now)) {
            services.events().record(job, each);
        }
        services.meters().note(uid, overBefore && job.getStatus() != null ? job.getStatus() : status);
        if (!overBefore && pace.isDue(status, now)) {
            switch (writer.write(job, status)) {
                case WRITTEN -> pace.written(status, now);
                case GONE -> {
                    return now;
                }
                case OVERTAKEN -> {
                    LOG.warn(
                            "The status of job {} was written by another operator.",
                            job.getMetadata().getName());
                    return null;
                }
            }
        }
        if (settled.decided().stream().anyMatch(Decision.DeleteJob.class::isInstance)) {
            services.client().resource(job).delete();
        }
        if (isOutdated(job)) {
            return now;
        }
        Instant due = overBefore ? null : pace.dueAt(status);
        return due != null && due.isBefore(settled.until()) ? due : settled.until();
    }

    private static @Nullable String modelUri(PipelineJob job, JobState state) {
        var store = job.getSpec().checkpoint().store();
        if (state != JobState.COMPLETE || store == null) {
            return null;
        }
        return "pvc://" + job.getMetadata().getNamespace() + "/"
                + store.persistentVolumeClaim().claimName() + "/"
                + relative(ClusterPaths.of(job).checkpoints()) + "/model.safetensors";
    }

    /// The store's folder as the claim's owner sees it.
    private static Path relative(String folder) {
        return Path.of(WorkerPodNames.CHECKPOINT_PATH).relativize(Path.of(folder));
    }

    /// Whether it waits for workers, or for room for them.
    boolean isWaiting() {
        return waiting;
    }

    @Override
    public void close() {
        core.close();
    }
}
