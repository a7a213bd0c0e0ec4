package dev.pipelinejob.operator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the two runs of the demo left, told and drawn.
final class DemoStory {
    private static final double MICROS_A_MILLISECOND = 1e3;
    private static final String UNDISTURBED = "#56B4E9";
    private static final String KILLED = "#D55E00";

    private final PrintWriter out;
    private final Path directory;
    private final Path undisturbed;
    private final Path killed;

    /// The kill as the demo did it.
    ///
    /// @param rank the victim's
    /// @param pid the victim's
    /// @param at when
    /// @param step the last step that was seen done
    /// @param pidsBefore engine processes by rank before the kill
    /// @param pidsAfter engine processes by rank when it trained again
    record Kill(
            int rank, long pid, Instant at, int step, Map<Integer, Long> pidsBefore, Map<Integer, Long> pidsAfter) {}

    DemoStory(PrintWriter out, Path directory, Path undisturbed, Path killed) {
        this.out = out;
        this.directory = directory;
        this.undisturbed = undisturbed;
        this.killed = killed;
    }

    /// Tells it; true when all that the product promises was seen.
    boolean tell(Kill kill) throws IOException {
        JsonNode status = new StatusFile(killed).read();
        JsonNode restart = status.path("restartHistory").path(0);
        out.printf("%n3. What was seen%n");
        boolean equal = compareLosses();
        boolean survived = compareProcesses(kill);
        tellRecovery(kill, restart, status);
        tellPrediction(status);
        draw(kill, restart, equal);
        return equal && survived;
    }

    private boolean compareLosses() throws IOException {
        long differsAt = Files.mismatch(undisturbed.resolve("loss.csv"), killed.resolve("loss.csv"));
        int steps = losses(undisturbed).size();
        if (differsAt < 0) {
            out.printf("   losses: all %d bitwise equal to the undisturbed run's%n", steps);
        } else {
            out.printf("   losses: NOT EQUAL, loss.csv differs from byte %d on%n", differsAt);
        }
        return differsAt < 0;
    }

    private boolean compareProcesses(Kill kill) {
        boolean unchanged = true;
        for (Map.Entry<Integer, Long> before : kill.pidsBefore().entrySet()) {
            Long after = kill.pidsAfter().get(before.getKey());
            boolean victim = before.getKey() == kill.rank();
            boolean same = before.getValue().equals(after);
            unchanged &= victim || same;
            out.printf(
                    "   worker %d: process %d, %s%n",
                    before.getKey(),
                    before.getValue(),
                    victim
                            ? "killed at step " + kill.step() + ", replaced by process " + after
                            : same ? "survived" : "REPLACED by process " + after + " although it was healthy");
        }
        return unchanged;
    }

    private void tellRecovery(Kill kill, JsonNode restart, JsonNode status) {
        Instant firstStep = instant(restart.path("firstStepAt"));
        Instant regained = instant(restart.path("regainedAt"));
        out.printf(
                "   kill → next completed step: %s; resumed from step %d, lost %d steps, regained after %s%n",
                since(kill.at(), firstStep),
                restart.path("resumedStep").asInt(),
                restart.path("lostSteps").asInt(),
                since(kill.at(), regained));
        JsonNode recovery = status.path("recoveries").path(0);
        Instant detected = instant(recovery.path("detectedAt"));
        Instant engines = instant(recovery.path("enginesUpAt"));
        Instant claimed = instant(recovery.path("claimedAt"));
        Instant ready = instant(recovery.path("readyAt"));
        out.printf(
                "     detect %s, engine %s, decide %s, load %s, first step %s%n",
                since(kill.at(), detected),
                since(detected, engines),
                since(engines, claimed),
                since(claimed, ready),
                since(ready, instant(recovery.path("firstStepAt"))));
    }

    private void tellPrediction(JsonNode status) {
        JsonNode placement = status.path("placement");
        out.printf(
                "   step time: predicted %.1f ms (%s costs), measured %.1f ms, measured / predicted %s%n",
                placement.path("predictedStepMicros").asDouble() / MICROS_A_MILLISECOND,
                placement.path("costSource").asText(),
                status.path("progress").path("measuredStepMicros").asDouble() / MICROS_A_MILLISECOND,
                placement.path("measuredToPredicted").asText("–"));
        for (JsonNode edge : status.path("edges")) {
            out.printf(
                    "   edge %d → %d: predicted %,d bytes a step, measured %,d%n",
                    edge.path("fromRank").asInt(),
                    edge.path("toRank").asInt(),
                    edge.path("predictedBytes").asLong(),
                    edge.path("measuredBytes").asLong());
        }
    }

    private void draw(Kill kill, JsonNode restart, boolean equal) throws IOException {
        int resumed = restart.path("resumedStep").asInt();
        SortedMap<Integer, Double> losses = losses(undisturbed);
        String svg = LossChart.svg(
                "Loss over steps: undisturbed, and with worker " + kill.rank() + " killed",
                equal
                        ? "All " + losses.size() + " losses are bitwise equal."
                        : "The losses differ; this should not be.",
                List.of(
                        new LossChart.Curve("undisturbed", losses, UNDISTURBED, 6),
                        new LossChart.Curve("killed and resumed", losses(killed), KILLED, 1.5)),
                List.of(
                        new LossChart.Mark(
                                "steps " + (resumed + 1) + " to " + kill.step() + " trained twice",
                                resumed,
                                kill.step(),
                                KILLED),
                        new LossChart.Mark("killed", kill.step(), kill.step(), KILLED)));
        Path lossPicture = Files.writeString(directory.resolve("loss.svg"), svg);
        Path timeline = directory.resolve("timeline.svg");
        Files.copy(killed.resolve("timeline.svg"), timeline, StandardCopyOption.REPLACE_EXISTING);
        out.printf("   pictures: %s and %s%n", lossPicture, timeline);
        out.flush();
    }

    private static SortedMap<Integer, Double> losses(Path folder) throws IOException {
        SortedMap<Integer, Double> losses = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve("loss.csv"))) {
            int comma = line.indexOf(',');
            if (comma > 0 && Character.isDigit(line.charAt(0))) {
                losses.put(Integer.valueOf(line.substring(0, comma)), Double.valueOf(line.substring(comma + 1)));
            }
        }
        return losses;
    }

    private static Instant instant(JsonNode text) {
        return text.isTextual() ? Instant.parse(text.asText()) : Instant.EPOCH;
    }

    private static String since(Instant start, Instant end) {
        if (start.equals(Instant.EPOCH) || end.equals(Instant.EPOCH)) {
            return "–";
        }
        return Duration.between(start, end).toMillis() + " ms";
    }
}
