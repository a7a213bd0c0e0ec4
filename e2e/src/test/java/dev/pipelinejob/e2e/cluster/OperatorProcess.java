package dev.pipelinejob.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The process of the only operator, and where it answers.
record OperatorProcess(long pid, String address) {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);
    private static final int HEALTH_PORT = 8080;
    private static final int KIB_A_MIB = 1024;

    /// Waits for one that is not ending.
    static OperatorProcess await(Operator operator) throws Exception {
        return Await.until("an operator runs", LIMIT, () -> look(operator), Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<OperatorProcess> look(Operator operator) throws IOException, InterruptedException {
        for (JsonNode pod : operator.pods()) {
            String address = pod.at("/status/podIP").asText();
            if (pod.at("/metadata/deletionTimestamp").isMissingNode() && !address.isEmpty()) {
                return PodProcesses.find(pod.at("/metadata/uid").asText(), "controller")
                        .map(pid -> new OperatorProcess(pid, address));
            }
        }
        return Optional.empty();
    }

    /// When it first said that it is ready, asked again and again.
    Instant awaitReady() throws IOException, InterruptedException {
        Instant end = Instant.now().plus(LIMIT);
        HttpRequest question = HttpRequest.newBuilder(URI.create("http://" + address + ":" + HEALTH_PORT + "/readyz"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (Instant.now().isBefore(end)) {
                if (isReady(http, question)) {
                    return Instant.now();
                }
                Thread.sleep(LOOK_EVERY);
            }
        }
        throw new AssertionError("The operator is not ready within " + LIMIT.toSeconds() + " s.");
    }

    private static boolean isReady(HttpClient http, HttpRequest question) throws InterruptedException {
        try {
            return http.send(question, HttpResponse.BodyHandlers.discarding()).statusCode()
                    == HttpURLConnection.HTTP_OK;
        } catch (IOException _) {
            // Nobody listens there yet.
            return false;
        }
    }

    /// Where supervisors call.
    String controlAddress() {
        return address + ":" + Operator.CONTROL_PORT;
    }

    /// What it holds of the machine's memory, now and at most.
    String memory() throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
        return mebibytes(status, "VmRSS:") + " MiB (" + mebibytes(status, "VmHWM:") + " at most)";
    }

    private static long mebibytes(List<String> status, String name) {
        return status.stream()
                        .filter(line -> line.startsWith(name))
                        .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[1]))
                        .sum()
                / KIB_A_MIB;
    }
}
