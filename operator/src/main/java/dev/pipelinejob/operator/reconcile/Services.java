package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec;
import dev.pipelinejob.operator.apply.EventRecorder;
import dev.pipelinejob.operator.apply.PodWriter;
import dev.pipelinejob.operator.monitor.Sessions;
import dev.pipelinejob.operator.planning.JobPlanner;
import dev.pipelinejob.operator.telemetry.JobMeters;
import dev.pipelinejob.operator.workers.PodSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What all jobs of one operator share.
///
/// @param client the API server
/// @param pods the workers' pods as they were last seen
/// @param view everything else that takes room
/// @param reservations the room that plans have taken
/// @param writer creates and deletes pods
/// @param settings what all pods have in common
/// @param sessions the open control streams
/// @param mail what workers report
/// @param planner makes plans
/// @param topology the cluster's description of a name; null when there is none of that name
/// @param events what people are told
/// @param meters what Prometheus is told
/// @param clock the wall clock
public record Services(
        KubernetesClient client,
        OurPods pods,
        ClusterView view,
        Reservations reservations,
        PodWriter writer,
        PodSettings settings,
        Sessions sessions,
        WorkerMail mail,
        JobPlanner planner,
        Function<String, @Nullable InterconnectTopologySpec> topology,
        EventRecorder events,
        JobMeters meters,
        Clock clock) {}
