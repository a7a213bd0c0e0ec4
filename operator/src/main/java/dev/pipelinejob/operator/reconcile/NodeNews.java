package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.api.v1alpha1.InterconnectTopology;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.EventHandler;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes topologies look when nodes have changed.
public final class NodeNews extends AbstractEventSource<Void, InterconnectTopology> {
    private volatile @Nullable IndexerResourceCache<InterconnectTopology> topologies;

    public NodeNews() {
        super(Void.class, "nodes");
    }

    /// Takes the cache that names the topologies, before it is filled.
    void open(IndexerResourceCache<InterconnectTopology> cache) {
        topologies = cache;
    }

    /// Makes all topologies look, as often as their rate allows; before this runs, they look anyway when they are seen
    /// first.
    public void clusterChanged(ClusterView.Change change) {
        if (change != ClusterView.Change.NODES) {
            return;
        }
        IndexerResourceCache<InterconnectTopology> known = topologies;
        EventHandler handler = getEventHandler();
        if (known != null && handler != null && isRunning()) {
            known.list().map(ResourceID::fromResource).map(Event::new).forEach(handler::handleEvent);
        }
    }

    @Override
    public Set<Void> getSecondaryResources(InterconnectTopology topology) {
        return Set.of();
    }
}
