package dev.pipelinejob.operator.apply;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Creates and deletes pods beside the thread that decides, so many at a time; what becomes of them is seen in the
/// cache of pods.
public final class PodWriter {
    private static final Logger LOG = LoggerFactory.getLogger(PodWriter.class);
    private static final int MAX_AT_ONCE = 32;
    /// While the API server cannot be reached, or a pod of the same name is still ending.
    private static final int MAX_TRIES = 60;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final int UNPROCESSABLE = 422;

    private final KubernetesClient client;
    private final ExecutorService executor;
    private final Semaphore room = new Semaphore(MAX_AT_ONCE);

    /// @param executor runs the calls; they wait in threads of its
    public PodWriter(KubernetesClient client, ExecutorService executor) {
        this.client = client;
        this.executor = executor;
    }

    /// What became of a creation.
    sealed interface Outcome {
        /// It is there, by us now or by an earlier call.
        record Created(Pod pod) implements Outcome {}

        /// It cannot be made.
        ///
        /// @param sentence the API server's
        record Refused(String sentence) implements Outcome {}
    }

    /// Creates a pod.
    ///
    /// @param done takes the outcome, in another thread
    void create(Pod pod, Consumer<Outcome> done) {
        executor.execute(() -> done.accept(retried(pod)));
    }

    private Outcome retried(Pod pod) {
        Duration pause = FIRST_PAUSE;
        String last = "";
        for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
            try {
                room.acquire();
                try {
                    return new Outcome.Created(client.resource(pod).create());
                } finally {
                    room.release();
                }
            } catch (KubernetesClientException e) {
                last = String.valueOf(e.getMessage());
                if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                    Pod there = client.resource(pod).get();
                    if (there != null && isSame(there, pod)) {
                        return new Outcome.Created(there);
                    }
                } else if (isRefusal(e.getCode())) {
                    return new Outcome.Refused(last);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return new Outcome.Refused("The operator is ending.");
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return new Outcome.Refused("The operator is ending.");
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
        return new Outcome.Refused(last);
    }

    /// The same slot of the same job: its labels say so.
    private static boolean isSame(Pod there, Pod wanted) {
        return there.getMetadata().getLabels() != null
                && there.getMetadata()
                        .getLabels()
                        .entrySet()
                        .containsAll(wanted.getMetadata().getLabels().entrySet());
    }

    private static boolean isRefusal(int code) {
        return code == HttpURLConnection.HTTP_FORBIDDEN
                || code == HttpURLConnection.HTTP_BAD_REQUEST
                || code == HttpURLConnection.HTTP_NOT_FOUND
                || code == UNPROCESSABLE;
    }

    /// Deletes a pod; one that is gone already is as good.
    ///
    /// @param graceSeconds how long its processes may take; 0 removes it without waiting for its node
    void delete(Pod pod, long graceSeconds) {
        executor.execute(() -> {
            try {
                room.acquire();
                try {
                    client.pods()
                            .inNamespace(pod.getMetadata().getNamespace())
                            .withName(pod.getMetadata().getName())
                            .withGracePeriod(graceSeconds)
                            .delete();
                } finally {
                    room.release();
                }
            } catch (KubernetesClientException e) {
                // Whoever wants it gone asks again as long as it is there.
                LOG.warn("Pod {} could not be deleted: {}", pod.getMetadata().getName(), e.getMessage());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
