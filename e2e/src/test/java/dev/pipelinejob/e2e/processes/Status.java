package dev.pipelinejob.e2e.processes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the tests read in `status.json`.
@JsonIgnoreProperties(ignoreUnknown = true)
record Status(
        String state,
        int attempt,
        int restarts,
        long driverPid,
        Progress progress,
        List<Worker> workers,
        List<Edge> edges,
        List<Recovery> recoveries) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    static final Status NONE = new Status("", 0, 0, 0, new Progress(0, ""), List.of(), List.of(), List.of());

    @SuppressWarnings("NullAway") // Jackson gives null for what is not in the file.
    Status {
        state = state == null ? "" : state;
        progress = progress == null ? new Progress(0, "") : progress;
        workers = workers == null ? List.of() : List.copyOf(workers);
        edges = edges == null ? List.of() : List.copyOf(edges);
        recoveries = recoveries == null ? List.of() : List.copyOf(recoveries);
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Progress(int step, String loss) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Worker(int rank, int slot, int incarnation, long pid, long supervisorPid, boolean standby, String state) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Edge(int fromRank, int toRank, long predictedBytes, long measuredBytes) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Recovery(int attempt, String detectedAt, String firstStepAt) {}

    /// The status now; {@link #NONE} before there is one.
    static Status read(Path directory) throws IOException {
        try {
            return JSON.readValue(Files.readAllBytes(directory.resolve("status.json")), Status.class);
        } catch (NoSuchFileException absent) {
            return NONE;
        }
    }

    boolean isRunning() {
        return state.equals("Running");
    }

    int step() {
        return progress.step();
    }

    /// Engine processes by rank.
    SortedMap<Integer, Long> engines() {
        TreeMap<Integer, Long> engines = new TreeMap<>();
        workers.forEach(worker -> engines.put(worker.rank(), worker.pid()));
        return engines;
    }

    Worker worker(int rank) {
        return workers.stream()
                .filter(worker -> worker.rank() == rank)
                .findFirst()
                .orElseThrow(() -> new AssertionError("No worker of rank " + rank + " in " + this));
    }

    /// Running with all engines up.
    boolean isWhole() {
        return isRunning()
                && workers.size() == SmallJob.WORKERS
                && workers.stream().allMatch(w -> w.pid() > 0);
    }
}
