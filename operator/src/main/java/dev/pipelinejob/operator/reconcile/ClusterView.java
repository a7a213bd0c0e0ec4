package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.api.v1alpha1.InterconnectTopology;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec;
import dev.pipelinejob.operator.observe.NodeFacts;
import dev.pipelinejob.operator.observe.PodFacts;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// All nodes and everybody's pods, as little of each as placement needs.
public final class ClusterView implements AutoCloseable {
    private static final Duration SYNC_LIMIT = Duration.ofMinutes(2);
    /// Objects a page when they are listed: a page is in memory whole, as bytes and as objects.
    private static final long PAGE = 250;
    private static final Set<Integer> REFUSALS = Set.of(
            HttpURLConnection.HTTP_UNAUTHORIZED, HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_NOT_FOUND);

    private final Map<String, NodeFacts> nodes = new ConcurrentHashMap<>();
    private final Map<String, InterconnectTopologySpec> topologies = new ConcurrentHashMap<>();
    private final Map<String, PodFacts> pods = new ConcurrentHashMap<>();
    private final Map<String, Long> byJob = new HashMap<>();
    private long revision;
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
    private final Consumer<Change> onChange;
    private List<Listing> listings = List.of();

    private ClusterView(Consumer<Change> onChange) {
        this.onChange = onChange;
    }

    /// What has changed.
    public enum Change {
        /// A node or a topology: every job may be concerned.
        NODES,
        /// A pod: jobs that wait for room may be.
        PODS
    }

    /// Begins to list everything, all kinds at once, and to watch it from then on.
    ///
    /// @param namespaces the ones whose pods are seen; empty = all. With some, other pods are not known, and the
    ///     scheduler has the last word
    /// @param onChange called when anything changed that placement may depend on; from any thread
    public static ClusterView open(KubernetesClient client, List<String> namespaces, Consumer<Change> onChange) {
        ClusterView view = new ClusterView(onChange);
        view.informers.add(client.nodes()
                .withLimit(PAGE)
                .runnableInformer(0)
                .itemStore(new SlimStore<>(node -> slim(new Node(), node)))
                .exceptionHandler(ClusterView::isTriedAgain)
                .addEventHandler(new Facts<>(view.nodes, NodeFacts::of, Change.NODES, view)));
        view.informers.add(client.resources(InterconnectTopology.class)
                .runnableInformer(0)
                .exceptionHandler(ClusterView::isTriedAgain)
                .addEventHandler(new Facts<>(view.topologies, InterconnectTopology::getSpec, Change.NODES, view)));
        if (namespaces.isEmpty()) {
            view.informers.add(
                    view.pods(client.pods().inAnyNamespace().withLimit(PAGE).runnableInformer(0)));
        } else {
            namespaces.forEach(namespace -> view.informers.add(view.pods(
                    client.pods().inNamespace(namespace).withLimit(PAGE).runnableInformer(0))));
        }
        view.listings = view.informers.stream().map(Listing::of).toList();
        return view;
    }

    private SharedIndexInformer<Pod> pods(SharedIndexInformer<Pod> informer) {
        return informer.itemStore(new SlimStore<>(pod -> slim(new Pod(), pod)))
                .exceptionHandler(ClusterView::isTriedAgain)
                .addEventHandler(new Facts<>(pods, PodFacts::of, Change.PODS, this));
    }

    /// A busy API server does not answer every page of a list in time. One that refuses, refuses the next time too.
    private static boolean isTriedAgain(boolean started, Throwable thrown) {
        if (started) {
            return !(thrown instanceof WatcherException);
        }
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        return !(cause instanceof KubernetesClientException refusal) || !REFUSALS.contains(refusal.getCode());
    }

    /// A kind that is being listed.
    private record Listing(String kind, CompletableFuture<Void> done) {
        static Listing of(SharedIndexInformer<?> informer) {
            return new Listing(
                    informer.getApiTypeClass().getSimpleName(), informer.start().toCompletableFuture());
        }

        void await() {
            try {
                done.get(SYNC_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while listing the cluster.", e);
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("The cluster's " + kind + "s cannot be listed: " + e, e);
            }
        }
    }

    /// Waits until everything is listed.
    public void awaitListed() {
        listings.forEach(Listing::await);
    }

    private static <T extends HasMetadata> T slim(T empty, T object) {
        ObjectMeta name = new ObjectMeta();
        name.setNamespace(object.getMetadata().getNamespace());
        name.setName(object.getMetadata().getName());
        name.setUid(object.getMetadata().getUid());
        name.setResourceVersion(object.getMetadata().getResourceVersion());
        empty.setMetadata(name);
        return empty;
    }

    /// Keeps the facts of each object of a kind.
    private record Facts<T extends HasMetadata, F>(
            Map<String, F> kept, Function<T, F> facts, Change change, ClusterView view)
            implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {
            F after = facts.apply(object);
            if (kept.put(key(object), after) == null) {
                view.changed(change, after);
            }
        }

        @Override
        public void onUpdate(T old, T object) {
            F after = facts.apply(object);
            F before = kept.put(key(object), after);
            if (!after.equals(before)) {
                view.changed(change, after);
            }
        }

        @Override
        public void onDelete(T object, boolean unknown) {
            view.changed(change, kept.remove(key(object)));
        }

        private static String key(HasMetadata object) {
            String namespace = object.getMetadata().getNamespace();
            return namespace == null
                    ? object.getMetadata().getName()
                    : namespace + "/" + object.getMetadata().getName();
        }
    }

    private void changed(Change change, @Nullable Object facts) {
        count(facts);
        onChange.accept(change);
    }

    private synchronized void count(@Nullable Object facts) {
        revision++;
        if (facts instanceof PodFacts pod && !pod.jobUid().isEmpty()) {
            byJob.merge(pod.jobUid(), 1L, Long::sum);
        }
    }

    /// A topology's description by name; null when there is none.
    public @Nullable InterconnectTopologySpec topology(String name) {
        return topologies.get(name);
    }

    /// All nodes, by name.
    public List<NodeFacts> nodes() {
        return nodes.values().stream()
                .sorted(Comparator.comparing(NodeFacts::name))
                .toList();
    }

    /// A node by name; null when there is none.
    @Nullable
    NodeFacts node(String name) {
        return nodes.get(name);
    }

    /// Everybody's pods that are seen here, in no order.
    public Collection<PodFacts> pods() {
        return List.copyOf(pods.values());
    }

    /// Grows whenever anything changed that the placement of a job may depend on: its own pods do not count.
    synchronized long revisionFor(String jobUid) {
        return revision - byJob.getOrDefault(jobUid, 0L);
    }

    /// A job is not driven here any more.
    synchronized void forget(String jobUid) {
        byJob.remove(jobUid);
    }

    /// Whether everything is still being told as it changes.
    public boolean isWatching() {
        return informers.stream().allMatch(SharedIndexInformer::isWatching);
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
    }
}
