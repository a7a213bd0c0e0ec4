package dev.pipelinejob.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Times one kind of event again and again: the ends by what workers write into the store, the stations between by what
/// the operator says of them.
final class Stopwatch {
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final double MILLIS_A_SECOND = 1e3;

    private final String event;
    private final String peer;
    private final List<Double> detected = new ArrayList<>();
    private final List<Double> claimed = new ArrayList<>();
    private final List<Double> nextSteps = new ArrayList<>();
    private final List<Double> regained = new ArrayList<>();

    /// @param peer what JobSet takes, in its own measure
    Stopwatch(String event, String peer) {
        this.event = event;
        this.peer = peer;
    }

    /// The table's head. `detect`: until the operator knows; `replace`: until all slots have a process and the attempt
    /// is claimed; `load`: until all have loaded their parts and completed a step.
    static String heading() {
        return "| event | rounds | detect, s | replace, s | load and first step, s | next step, s | lost steps done, s"
                + " | JobSet 0.11, to all pods Ready, s |\n|---|---|---|---|---|---|---|---|";
    }

    /// Median and spread of each.
    String row() {
        List<Double> loading = new ArrayList<>();
        for (int round = 0; round < claimed.size(); round++) {
            loading.add(nextSteps.get(round) - claimed.get(round));
        }
        List<Double> replacing = new ArrayList<>();
        for (int round = 0; round < claimed.size(); round++) {
            replacing.add(claimed.get(round) - detected.get(round));
        }
        return "| " + event + " | " + nextSteps.size() + " | " + spread(detected) + " | " + spread(replacing) + " | "
                + spread(loading) + " | " + spread(nextSteps) + " | " + spread(regained) + " | " + peer + " |";
    }

    private static String spread(List<Double> seconds) {
        if (seconds.isEmpty()) {
            return "–";
        }
        List<Double> sorted = seconds.stream().sorted().toList();
        return String.format(
                Locale.ROOT, "%.2f (%.2f to %.2f)", sorted.get(sorted.size() / 2), sorted.getFirst(), sorted.getLast());
    }

    /// Waits until an attempt after this one completed a step, and until it has done what was lost.
    ///
    /// @param begin when it happened
    /// @param attempt the one that it hit; 0 = the job was only asked for
    /// @param lost the last step before it
    void nextStep(Instant begin, ClusterJob job, int attempt, int lost) throws Exception {
        await(job, begin, () -> job.attempt() > attempt && job.losses(job.attempt()) > 0);
        nextSteps.add(since(begin, Instant.now()));
        await(job, begin, () -> job.lastStep(job.attempt()) >= lost);
        regained.add(since(begin, Instant.now()));
        if (attempt > 0) {
            await(job, begin, () -> record(job).hasNonNull("firstStepAt"));
            detected.add(
                    since(begin, Instant.parse(record(job).path("detectedAt").asText())));
            claimed.add(since(begin, job.claimedAt(job.attempt())));
        }
        System.out.printf(
                Locale.ROOT,
                "%s: next step after %.2f s, regained after %.2f s%n",
                event,
                nextSteps.getLast(),
                regained.getLast());
    }

    /// What the job's status says of its newest attempt.
    private static JsonNode record(ClusterJob job) throws Exception {
        int newest = job.attempt();
        for (JsonNode record : job.status().path("restartHistory")) {
            if (record.path("attempt").asInt() == newest) {
                return record;
            }
        }
        return job.status().path("nothing");
    }

    private static double since(Instant begin, Instant end) {
        return Duration.between(begin, end).toMillis() / MILLIS_A_SECOND;
    }

    private static void await(ClusterJob job, Instant begin, Await.Look<Boolean> condition) throws Exception {
        while (!condition.look()) {
            if (Instant.now().isAfter(begin.plus(LIMIT))) {
                throw new AssertionError("Not within " + LIMIT.toSeconds() + " s: " + job.describe());
            }
            Thread.sleep(LOOK_EVERY);
        }
    }
}
