package dev.pipelinejob.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Times one kind of event again and again: the ends by what workers write into the store, the stations between by the
/// operators' logs and the processes' own starts.
final class Stopwatch {
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final double MILLIS_A_SECOND = 1e3;

    private final String event;
    private final String goal;
    private final String peer;
    private final List<Round> rounds = new ArrayList<>();

    /// One time that it happened.
    ///
    /// @param attempt the one that it hit; 0 = the job was only asked for
    /// @param lost the last step before it
    /// @param before the workers that were there
    record Event(Instant begin, int attempt, int lost, List<ClusterJob.Worker> before) {}

    /// Seconds between stations; null where there is no such station.
    private record Round(
            double detect,
            double decide,
            @Nullable Double pod,
            double process,
            double load,
            double firstStep,
            double nextStep,
            double regained) {}

    /// @param goal ours, to the next step
    /// @param peer what JobSet takes, in its own measure
    Stopwatch(String event, String goal, String peer) {
        this.event = event;
        this.goal = goal;
        this.peer = peer;
    }

    /// The table's head. `detect`: until the operator knows; `decide`: until it does something; `pod`:
    /// until the last new pod has a process; `process`: until all slots have an engine and the attempt
    /// is claimed; `load`: until all are ready; `first step`: until it is recorded.
    static String heading() {
        return "| event | rounds | detect | decide | pod | process | load | first step | **next step** | goal"
                + " | lost steps done | JobSet 0.11, all pods Ready |\n"
                + "|---|---|---|---|---|---|---|---|---|---|---|---|";
    }

    /// Median and spread of each.
    String row() {
        return List.of(
                        event,
                        Integer.toString(rounds.size()),
                        spread(Round::detect),
                        spread(Round::decide),
                        spread(Round::pod),
                        spread(Round::process),
                        spread(Round::load),
                        spread(Round::firstStep),
                        "**" + spread(Round::nextStep) + "**",
                        goal,
                        spread(Round::regained),
                        peer)
                .stream()
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    /// One after the other, as they happened.
    String inOrder() {
        return event + ", one after the other: "
                + rounds.stream()
                        .map(round -> String.format(Locale.ROOT, "%.2f", round.nextStep()))
                        .collect(Collectors.joining(" "));
    }

    private String spread(Function<Round, @Nullable Double> part) {
        List<Double> sorted =
                rounds.stream().map(part).filter(Objects::nonNull).sorted().toList();
        return sorted.isEmpty()
                ? "–"
                : String.format(
                        Locale.ROOT,
                        "%.2f (%.2f – %.2f)",
                        sorted.get(sorted.size() / 2),
                        sorted.getFirst(),
                        sorted.getLast());
    }

    /// Waits until an attempt after the one that was hit completed a step, and until it has done what was lost.
    void await(ClusterJob job, Event hit) throws Exception {
        Instant begin = hit.begin();
        await(job, begin, () -> job.attempt() > hit.attempt() && job.losses(job.attempt()) > 0);
        Instant stepped = Instant.now();
        await(job, begin, () -> job.lastStep(job.attempt()) >= hit.lost());
        Instant regained = Instant.now();
        if (hit.attempt() > 0) {
            await(job, begin, () -> record(job).hasNonNull("firstStepAt"));
        }
        rounds.add(round(job, hit, stepped, regained));
        System.out.printf(Locale.ROOT, "%s: %s%n", event, rounds.getLast());
    }

    private static Round round(ClusterJob job, Event hit, Instant stepped, Instant regained) throws Exception {
        OperatorLog log = OperatorLog.since(hit.begin());
        int attempt = job.attempt();
        boolean restart = hit.attempt() > 0;
        Instant detected = restart
                ? Instant.parse(record(job).path("detectedAt").asText())
                : log.first(hit.begin(), "Decided: ").orElse(hit.begin());
        Instant claimed = job.claimedAt(attempt);
        // What is decided first may be the claim itself, which is told after its time was taken.
        Instant decided = log.first(detected, restart ? "Decided: " : "Decided: StartSlot")
                .filter(told -> told.isBefore(claimed))
                .orElse(claimed);
        // A pod that came later had no part in it: a spare took over.
        Instant newest = newestProcess(job, hit.before());
        Instant pod = newest == null || newest.isAfter(claimed) ? null : newest;
        Instant ready =
                log.first(claimed, "Decided: StartTraining[attempt=" + attempt).orElse(claimed);
        return new Round(
                between(hit.begin(), detected),
                between(detected, decided),
                pod == null ? null : between(decided, pod),
                between(pod == null ? decided : pod, claimed),
                between(claimed, ready),
                between(ready, stepped),
                between(hit.begin(), stepped),
                between(hit.begin(), regained));
    }

    /// When the last of the pods that were not there before began to run; null when there is none.
    private static @Nullable Instant newestProcess(ClusterJob job, List<ClusterJob.Worker> before) throws Exception {
        Instant newest = null;
        for (ClusterJob.Worker worker : job.workers()) {
            // A pod without a process is still coming or has already gone: it had no part in it either.
            Optional<Long> supervisor = PodProcesses.find(worker.uid(), "supervisor");
            if (!before.contains(worker) && supervisor.isPresent()) {
                Instant started = PodProcesses.startedAt(supervisor.get());
                newest = newest == null || started.isAfter(newest) ? started : newest;
            }
        }
        return newest;
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

    private static double between(Instant begin, Instant end) {
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
