package dev.pipelinejob.operator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// `status.json` of a run as its reader sees it: it is replaced as a whole, so every reading is complete.
final class StatusFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    StatusFile(Path folder) {
        this.file = folder.resolve("status.json");
    }

    /// The status now; an empty object while there is none.
    JsonNode read() throws IOException {
        return Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.createObjectNode();
    }

    /// The first status that a condition holds for; gives up when the run has ended.
    JsonNode await(Process run, Duration poll, Predicate<JsonNode> condition) throws IOException, InterruptedException {
        while (true) {
            boolean ended = !run.isAlive();
            JsonNode now = read();
            if (condition.test(now)) {
                return now;
            }
            if (ended) {
                throw new IllegalStateException("The run ended before its status said what was waited for: " + now);
            }
            Thread.sleep(poll);
        }
    }

    static int step(JsonNode status) {
        return status.path("progress").path("step").asInt();
    }

    static int restarts(JsonNode status) {
        return status.path("restarts").asInt();
    }

    /// Engine processes by rank.
    static Map<Integer, Long> pids(JsonNode status) {
        Map<Integer, Long> pids = new TreeMap<>();
        for (JsonNode worker : status.path("workers")) {
            pids.put(worker.path("rank").asInt(), worker.path("pid").asLong());
        }
        return pids;
    }
}
