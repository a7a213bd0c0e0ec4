package dev.pipelinejob.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A job on the cluster, seen through the API, its pods and its folder in the store.
final class ClusterJob {
    private static final Duration COMPLETE_LIMIT = Duration.ofMinutes(4);
    private static final Duration STEP_LIMIT = Duration.ofMinutes(2);
    private static final int HEADER_LINES = 1;
    private static final String KIND = "pipelinejob";

    private final Kubectl kubectl;
    private final String name;
    private final Path store;

    private ClusterJob(Kubectl kubectl, String name, Path store) {
        this.kubectl = kubectl;
        this.name = name;
        this.store = store;
    }

    /// A worker's pod.
    ///
    /// @param slot what it fills
    /// @param uid of the pod
    record Worker(int slot, String pod, String uid, String node) {}

    static ClusterJob submit(Cluster cluster, TrainingJob job) throws IOException, InterruptedException {
        Kubectl kubectl = cluster.kubectl();
        kubectl.apply(job.yaml());
        String uid = kubectl.get(KIND, job.name()).at("/metadata/uid").asText();
        return new ClusterJob(kubectl, job.name(), Cluster.volume("checkpoints").resolve(job.name() + "-" + uid));
    }

    /// The job's own folder in the store.
    Path store() {
        return store;
    }

    JsonNode status() throws IOException, InterruptedException {
        return kubectl.get(KIND, name).path("status");
    }

    /// The pods that are there and not ending, by slot.
    List<Worker> workers() throws IOException, InterruptedException {
        List<Worker> workers = new ArrayList<>();
        for (JsonNode pod :
                kubectl.get("pods", "-l", "pipelinejob.dev/job-name=" + name).path("items")) {
            if (pod.at("/metadata/deletionTimestamp").isMissingNode()) {
                workers.add(new Worker(
                        pod.at("/metadata/labels").path("pipelinejob.dev/slot").asInt(),
                        pod.at("/metadata/name").asText(),
                        pod.at("/metadata/uid").asText(),
                        pod.at("/spec/nodeName").asText()));
            }
        }
        workers.sort(Comparator.comparing(Worker::slot));
        return List.copyOf(workers);
    }

    /// The newest attempt that recorded a loss; 0 before the first.
    int attempt() throws IOException {
        Path segments = store.resolve("loss");
        if (!Files.isDirectory(segments)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(segments)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith("attempt-") && file.endsWith(".csv"))
                    .mapToInt(file -> Integer.parseInt(file.substring("attempt-".length(), file.length() - 4)))
                    .max()
                    .orElse(0);
        }
    }

    /// Losses that an attempt has recorded so far: its rank 0 writes them, step by step.
    int losses(int attempt) throws IOException {
        return rows(attempt).size();
    }

    private List<String> rows(int attempt) throws IOException {
        Path segment = store.resolve("loss/attempt-" + attempt + ".csv");
        return Files.exists(segment)
                ? Files.readAllLines(segment).stream().skip(HEADER_LINES).toList()
                : List.of();
    }

    /// The last step that an attempt recorded; 0 before the first.
    int lastStep(int attempt) throws IOException {
        List<String> rows = rows(attempt);
        return rows.isEmpty()
                ? 0
                : Integer.parseInt(rows.getLast().substring(0, rows.getLast().indexOf(',')));
    }

    /// When an attempt began, in the operator's clock.
    Instant claimedAt(int attempt) throws IOException, InterruptedException {
        String claim = kubectl.get("configmap", name + "-attempt-" + attempt)
                .path("data")
                .path("attempt.json")
                .asText();
        return Instant.parse(
                JsonMapper.builder().build().readTree(claim).path("claimedAt").asText());
    }

    void delete() throws IOException, InterruptedException {
        kubectl.run("delete", KIND, name, "--cascade=foreground");
    }

    void awaitLosses(int attempt, int rows) throws Exception {
        int _ = Await.until(
                "attempt " + attempt + " of " + name + " has " + rows + " losses",
                STEP_LIMIT,
                () -> losses(attempt),
                seen -> seen >= rows);
    }

    /// Waits for the end in good order, and answers what it left.
    void awaitComplete() throws Exception {
        String state = Await.until(
                name + " is complete",
                COMPLETE_LIMIT,
                this::brief,
                seen -> seen.startsWith("Complete") || seen.startsWith("Failed"));
        if (!state.startsWith("Complete")) {
            throw new AssertionError("The job ended otherwise: " + describe());
        }
    }

    int restarts() throws IOException, InterruptedException {
        return status().path("restarts").asInt();
    }

    private String brief() throws IOException, InterruptedException {
        JsonNode status = status();
        return status.path("state").asText() + " at step "
                + status.at("/progress/step").asText() + ", restarts "
                + status.path("restarts").asText();
    }

    String describe() throws IOException, InterruptedException {
        return kubectl.run("describe", KIND, name) + kubectl.run("get", "pods", "-o", "wide");
    }
}
