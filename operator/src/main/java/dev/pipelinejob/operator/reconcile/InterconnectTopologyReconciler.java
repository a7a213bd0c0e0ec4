package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.api.ConditionTypes;
import dev.pipelinejob.api.v1alpha1.InterconnectTopology;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologyStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.Condition;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.ConditionStatus;
import dev.pipelinejob.operator.apply.EventRecorder;
import dev.pipelinejob.operator.apply.EventRecorder.News;
import dev.pipelinejob.operator.observe.NodeFacts;
import dev.pipelinejob.operator.planning.TopologyCensus;
import dev.pipelinejob.operator.planning.TopologyCensus.Offer;
import dev.pipelinejob.operator.status.TopologyStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Looks at one topology: what the nodes are in its words goes into its status, and what is new of that to people.
public final class InterconnectTopologyReconciler implements Reconciler<InterconnectTopology> {
    private final NodeNews news;
    private final ClusterView view;
    private final EventRecorder events;
    private final Clock clock;

    /// @param news tells when nodes have changed
    /// @param view the nodes
    /// @param events what people are told
    public InterconnectTopologyReconciler(NodeNews news, ClusterView view, EventRecorder events, Clock clock) {
        this.news = news;
        this.view = view;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, InterconnectTopology>> prepareEventSources(
            EventSourceContext<InterconnectTopology> context) {
        news.open(context.getPrimaryCache());
        return List.of(news);
    }

    @Override
    public UpdateControl<InterconnectTopology> reconcile(
            InterconnectTopology topology, Context<InterconnectTopology> context) {
        if (topology.isMarkedForDeletion()) {
            return UpdateControl.noUpdate();
        }
        InterconnectTopologyStatus before = topology.getStatus();
        TopologyCensus census = TopologyCensus.of(
                topology.getSpec(),
                view.nodes().stream().map(InterconnectTopologyReconciler::offer).toList());
        InterconnectTopologyStatus status =
                TopologyStatus.of(before, topology.getMetadata().getGeneration(), census, clock.instant());
        if (status.equals(before)) {
            return UpdateControl.noUpdate();
        }
        changes(before, status).forEach(each -> events.record(topology, each));
        InterconnectTopology fresh = new InterconnectTopology();
        fresh.setMetadata(new ObjectMetaBuilder()
                .withName(topology.getMetadata().getName())
                .build());
        fresh.setStatus(status);
        return UpdateControl.patchStatus(fresh);
    }

    private static Offer offer(NodeFacts node) {
        return new Offer(node.name(), node.labels(), node.allocatable().whole());
    }

    /// The conditions that say something new; a topology that all nodes match from its beginning needs no word on it.
    private static List<News> changes(@Nullable InterconnectTopologyStatus before, InterconnectTopologyStatus after) {
        List<News> changes = new ArrayList<>();
        for (Condition condition : Objects.requireNonNullElse(after.conditions(), List.<Condition>of())) {
            Condition old = before == null || before.conditions() == null
                    ? null
                    : before.conditions().stream()
                            .filter(each -> each.type().equals(condition.type()))
                            .findFirst()
                            .orElse(null);
            boolean holds = condition.status() == ConditionStatus.TRUE;
            boolean expected = old == null && holds && condition.type().equals(ConditionTypes.NODES_MATCHED);
            boolean same = old != null && old.reason().equals(condition.reason());
            if (!expected && !same) {
                changes.add(new News(!holds, condition.reason(), note(condition)));
            }
        }
        return changes;
    }

    private static String note(Condition condition) {
        return condition.message() == null ? "All nodes carry the labels of all levels." : condition.message();
    }
}
