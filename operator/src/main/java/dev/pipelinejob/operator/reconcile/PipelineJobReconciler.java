package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.api.ApiNames;
import dev.pipelinejob.api.WorkerLabels;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at one job: observe, decide, apply, report. What happens in between stands in the packages that do it.
public final class PipelineJobReconciler implements Reconciler<PipelineJob> {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineJobReconciler.class);
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);
    /// After another operator wrote what this one wanted to write.
    private static final Duration OVERTAKEN_WAIT = Duration.ofSeconds(1);
    /// A look that is over sooner costs too little to wait for more to look at.
    private static final Duration SHORT_LOOK = Duration.ofMillis(5);
    /// What comes meanwhile is looked at together.
    private static final Duration LONGEST_REST = Duration.ofMillis(100);

    private final Services services;
    private final Map<String, ClusterJob> jobs = new ConcurrentHashMap<>();
    private final Pulse pulse = new Pulse();

    public PipelineJobReconciler(Services services) {
        this.services = services;
    }

    @Override
    public List<EventSource<?, PipelineJob>> prepareEventSources(EventSourceContext<PipelineJob> context) {
        InformerEventSource<Pod, PipelineJob> pods = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Pod.class, PipelineJob.class)
                        .withName("worker-pods")
                        .withLabelSelector(WorkerLabels.MANAGED_BY + "=" + WorkerLabels.MANAGER)
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(PipelineJobReconciler::jobOf)
                        .build(),
                context);
        services.pods().open(pods);
        return List.of(pods, services.mail());
    }

    private static Set<ResourceID> jobOf(Pod pod) {
        String name = pod.getMetadata().getLabels().get(WorkerLabels.JOB_NAME);
        return name == null
                ? Set.of()
                : Set.of(new ResourceID(name, pod.getMetadata().getNamespace()));
    }

    @Override
    public UpdateControl<PipelineJob> reconcile(PipelineJob job, Context<PipelineJob> context) throws IOException {
        String uid = job.getMetadata().getUid();
        List<WorkerMail.Letter> letters = services.mail().take(job);
        if (job.isMarkedForDeletion()) {
            end(uid);
            return UpdateControl.noUpdate();
        }
        if (!ApiNames.CONTROLLER.equals(job.getSpec().managedBy())) {
            forget(uid);
            return UpdateControl.noUpdate();
        }
        Instant began = services.clock().instant();
        pulse.begins(uid, began);
        ClusterJob running = jobs.get(uid);
        if (running != null && running.isOutdated(job)) {
            forget(uid);
            running = null;
        }
        if (running == null) {
            running = ClusterJob.open(services, job);
            jobs.put(uid, running);
        }
        Instant next = running.settle(job, letters);
        if (next == null) {
            LOG.warn("Another operator drives job {}; what was known of it here is dropped.", name(job));
            forget(uid);
            return UpdateControl.<PipelineJob>noUpdate().rescheduleAfter(OVERTAKEN_WAIT);
        }
        pulse.ends(uid, next);
        rest(Duration.between(began, services.clock().instant()));
        Duration wait = Duration.between(services.clock().instant(), next);
        return UpdateControl.<PipelineJob>noUpdate()
                .rescheduleAfter(wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait);
    }

    /// Many pods report many changes. A job whose looks are long is looked at for half of the time at most.
    private static void rest(Duration look) {
        if (look.compareTo(SHORT_LOOK) < 0) {
            return;
        }
        try {
            Thread.sleep(look.compareTo(LONGEST_REST) < 0 ? look : LONGEST_REST);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Makes jobs look because the cluster has changed: all of them, or those that wait for something.
    public void clusterChanged(ClusterView.Change change) {
        jobs.forEach((uid, job) -> {
            if (change == ClusterView.Change.NODES || job.isWaiting()) {
                services.mail().look(uid);
            }
        });
    }

    private static String name(PipelineJob job) {
        return job.getMetadata().getNamespace() + "/" + job.getMetadata().getName();
    }

    /// Whether every job is looked at as often as it asks for.
    public boolean isRegular(Instant now) {
        return pulse.isRegular(now);
    }

    /// The job is deleted: its workers have nothing to save, so they do not wait for the end of their grace.
    public void end(String jobUid) {
        services.sessions().shutDownAll(jobUid, "The job is deleted.");
        drop(jobUid);
    }

    /// Drops all that is known of a job here; nothing of it is touched. Its workers call again, and whoever drives it
    /// then, this operator or another, hears from them how they are.
    public void forget(String jobUid) {
        if (drop(jobUid)) {
            services.sessions().closeAll(jobUid, "This operator has dropped what it knew of the job: call again.");
        }
    }

    private boolean drop(String jobUid) {
        ClusterJob dropped = jobs.remove(jobUid);
        if (dropped != null) {
            dropped.close();
        }
        services.reservations().release(jobUid);
        services.view().forget(jobUid);
        services.meters().forget(jobUid);
        pulse.forget(jobUid);
        return dropped != null;
    }
}
