package dev.pipelinejob.e2e.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Sees the pods of one job come and run.
final class PodWatch implements Watcher<Pod> {
    private final Map<String, Instant> created = new ConcurrentHashMap<>();
    private final Map<String, Instant> running = new ConcurrentHashMap<>();

    /// Begins before the job is there.
    static PodWatch of(KubernetesClient client, String job) {
        PodWatch watch = new PodWatch();
        var _ = client.pods()
                .inNamespace(Cluster.NAMESPACE)
                .withLabel("pipelinejob.dev/job-name", job)
                .watch(watch);
        return watch;
    }

    @Override
    public void eventReceived(Action action, Pod pod) {
        String uid = pod.getMetadata().getUid();
        Instant now = Instant.now();
        if (action == Action.ADDED) {
            created.putIfAbsent(uid, now);
        }
        if (pod.getStatus() != null && "Running".equals(pod.getStatus().getPhase())) {
            running.putIfAbsent(uid, now);
        }
    }

    @Override
    public void onClose(WatcherException cause) {
        System.out.println("The watch of pods ended: " + cause.getMessage());
    }

    /// When the last of so many ran.
    ///
    /// @param limit how long to wait for them
    Instant awaitRunning(int pods, Duration limit) throws Exception {
        int _ = Await.until(pods + " pods run", limit, running::size, seen -> seen >= pods);
        return last(running);
    }

    Instant lastCreated() {
        return last(created);
    }

    private static Instant last(Map<String, Instant> times) {
        return times.values().stream().max(Instant::compareTo).orElseThrow();
    }
}
