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
    /// A pod's grace and more.
    private static final Duration END_LIMIT = Duration.ofMinutes(3);
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
        return submit(cluster, job.name(), job.yaml());
    }

    static ClusterJob submit(Cluster cluster, String name, String yaml) throws IOException, InterruptedException {
        Kubectl kubectl = cluster.kubectl();
        kubectl.apply(yaml);
        String uid = kubectl.get(KIND, name).at("/metadata/uid").asText();
        return new ClusterJob(kubectl, name, Cluster.volume("checkpoints").resolve(name + "-" + uid));
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
        return Instant.parse(claim(attempt).path("claimedAt").asText());
    }

    /// The workers that have a rank in an attempt; the others stand by.
    List<Worker> ranks(int attempt) throws IOException, InterruptedException {
        List<Integer> slots = new ArrayList<>();
        claim(attempt).path("seats").forEach(seat -> slots.add(seat.path("slot").asInt()));
        return workers().stream()
                .filter(worker -> slots.contains(worker.slot()))
                .toList();
    }

    private JsonNode claim(int attempt) throws IOException, InterruptedException {
        String claim = kubectl.get("configmap", name + "-attempt-" + attempt)
                .path("data")
                .path("attempt.json")
                .asText();
        return JsonMapper.builder().build().readTree(claim);
    }

    /// Answers when nothing of it runs any more.
    void delete() throws Exception {
        delete(END_LIMIT);
    }

    void delete(Duration limit) throws Exception {
        kubectl.run("delete", KIND, name);
        Await.until("no pod of " + name + " is left", limit, () -> kubectl.get(
                        "pods", "-l", "pipelinejob.dev/job-name=" + name)
                .path("items")
                .isEmpty());
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
                this::state,
                seen -> seen.startsWith("Complete") || seen.startsWith("Failed"));
        if (!state.startsWith("Complete")) {
            throw new AssertionError("The job ended otherwise: " + describe());
        }
    }

    boolean isComplete() throws IOException, InterruptedException {
        return state().startsWith("Complete");
    }

    int restarts() throws IOException, InterruptedException {
        return status().path("restarts").asInt();
    }

    /// Why it was restarted, oldest first.
    List<String> reasons() throws IOException, InterruptedException {
        List<String> reasons = new ArrayList<>();
        status().path("restartHistory")
                .forEach(restart -> reasons.add(restart.path("reason").asText()));
        return reasons.reversed();
    }

    /// What a condition says, such as `False PlacementInfeasible No node has room.`
    String condition(String type) throws IOException, InterruptedException {
        for (JsonNode condition : status().path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText() + " "
                        + condition.path("reason").asText() + " "
                        + condition.path("message").asText();
            }
        }
        return "";
    }

    /// A file with tensors of the newest checkpoint that counts.
    Path partOfNewestCheckpoint() throws IOException {
        Path newest;
        try (Stream<Path> steps = Files.list(store)) {
            newest = steps.filter(step -> Files.exists(step.resolve("manifest.json")))
                    .max(Comparator.comparing(ClusterJob::number))
                    .orElseThrow(() -> new AssertionError("Job " + name + " has no checkpoint."));
        }
        try (Stream<Path> files = Files.walk(newest)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .min(Comparator.naturalOrder())
                    .orElseThrow(() -> new AssertionError(newest + " has no parts."));
        }
    }

    private static int number(Path step) {
        return Integer.parseInt(step.getFileName().toString().substring("step-".length()));
    }

    /// Its state in one word, then how far it is.
    String state() throws IOException, InterruptedException {
        JsonNode status = status();
        return status.path("state").asText() + " at step "
                + status.at("/progress/step").asText() + ", restarts "
                + status.path("restarts").asText();
    }

    String describe() throws IOException, InterruptedException {
        return kubectl.run("describe", KIND, name) + kubectl.run("get", "pods", "-o", "wide");
    }
}
