package dev.pipelinejob.e2e.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sees the pods of one job come and run. Reads no more of an event than it wants to know, so that little of the
/// machine is spent on looking.
final class PodWatch {
    private static final Pattern UID = Pattern.compile("\"uid\":\"([^\"]*)\",\"resourceVersion\"");
    private static final String RUNNING = "\"phase\":\"Running\"";
    private static final byte END_OF_EVENT = '\n';

    private final Map<String, Instant> created = new ConcurrentHashMap<>();
    private final Map<String, Instant> running = new ConcurrentHashMap<>();
    private final ByteArrayOutputStream event = new ByteArrayOutputStream();

    /// Begins before the job is there.
    static PodWatch of(KubernetesClient client, String job) throws Exception {
        PodWatch watch = new PodWatch();
        HttpRequest request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri("%sapi/v1/namespaces/%s/pods?watch=1&labelSelector=pipelinejob.dev%%2Fjob-name%%3D%s"
                        .formatted(client.getMasterUrl(), Cluster.NAMESPACE, job))
                .build();
        HttpResponse<AsyncBody> answer = client.getHttpClient()
                .consumeBytes(request, (bytes, body) -> {
                    watch.take(bytes);
                    body.consume();
                })
                .get();
        if (!answer.isSuccessful()) {
            throw new AssertionError("Pods cannot be watched: " + answer.code() + ".");
        }
        answer.body().consume();
        return watch;
    }

    private void take(List<ByteBuffer> bytes) {
        for (ByteBuffer part : bytes) {
            while (part.hasRemaining()) {
                byte next = part.get();
                if (next == END_OF_EVENT) {
                    note(event.toString(StandardCharsets.UTF_8));
                    event.reset();
                } else {
                    event.write(next);
                }
            }
        }
    }

    private void note(String text) {
        Matcher uid = UID.matcher(text);
        if (uid.find()) {
            Instant now = Instant.now();
            created.putIfAbsent(uid.group(1), now);
            if (text.contains(RUNNING)) {
                running.putIfAbsent(uid.group(1), now);
            }
        }
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

    /// How many were made, also those that are gone.
    int made() {
        return created.size();
    }

    private static Instant last(Map<String, Instant> times) {
        return times.values().stream().max(Instant::compareTo).orElseThrow();
    }
}
