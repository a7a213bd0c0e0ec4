package dev.pipelinejob.operator.cli.placement;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pipelinejob.placement.replication.MachineLevel;
import dev.pipelinejob.placement.replication.verify.LevelVerifier;
import dev.pipelinejob.placement.replication.verify.StageVerifier;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.PipeDreamProfile;
import dev.pipelinejob.placement.workload.PiperProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `plan.json` with replicated stages: what was asked, the stages, and which node is in which.
final class StagePlanFile {
    static final long MOST_FILE_BYTES = 1L << 30;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MILLIS_PER_SECOND = 1000;
    private static final int MOST_NESTING = 64;

    private StagePlanFile() {}

    static ArrayNode array() {
        return JSON.createArrayNode();
    }

    /// Writes a plan.
    static void write(Path file, StageQuestion question, StageAnswer answer, long seed) throws IOException {
        ObjectNode plan = JSON.createObjectNode();
        plan.put("input", question.input().toString());
        plan.put("format", question.format().word());
        plan.put("model", question.model());
        plan.put("objective", "throughput");
        plan.put("contiguity", "contiguous");
        plan.put("units", "official");
        putIfGiven(plan, "bandwidthBytesPerSecond", question.bandwidthBytesPerSecond());
        putIfGiven(plan, "memoryBytes", question.memoryBytes());
        if (question.microBatches() != null) {
            plan.put("microBatches", question.microBatches());
        }
        plan.put("accelerators", answer.devices());
        plan.put("cpus", 0);
        plan.put("status", answer.status());
        StageAnswer.Found found = answer.found();
        if (found != null) {
            plan.put("value", found.value());
            plan.put("lowerBound", found.lowerBound());
            plan.put("boundKind", found.boundKind().word());
            plan.set("stages", found.stages());
            assign(found.stages(), plan.putObject("assignment"));
            plan.put("usedAccelerators", found.usedDevices());
        } else if (answer.reason() != null) {
            plan.put("reason", answer.reason());
        }
        plan.put("solveMillis", answer.millis());
        plan.put("seed", seed);
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(plan) + "\n");
    }

    private static void putIfGiven(ObjectNode plan, String name, @Nullable Double value) {
        if (value != null) {
            plan.put(name, value);
        }
    }

    private static void assign(JsonNode stages, ObjectNode assignment) {
        for (JsonNode stage : stages) {
            String name = stage.path("name").asText();
            stage.path("choices").fieldNames().forEachRemaining(node -> assignment.put(node, name));
            stage.path("layers").forEach(layer -> assignment.put(layer.asText(), name));
            assign(stage.path("stages"), assignment);
        }
    }

    /// The plan in a file when it has replicated stages; null when it is of another kind or no JSON.
    static @Nullable JsonNode read(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > MOST_FILE_BYTES) {
            return null;
        }
        try {
            JsonNode plan = JSON.readTree(file.toFile());
            return plan != null
                            && plan.path("stages").isArray()
                            && plan.path("model").isTextual()
                    ? plan
                    : null;
        } catch (JacksonException _) {
            return null;
        }
    }

    /// What does not hold of a plan, each as one sentence.
    ///
    /// @param input the profile, in whatever place it is now
    static List<String> findings(JsonNode plan, Path input, @Nullable Topology tree) throws IOException {
        InputFormat format = InputFormat.of(plan.path("format").asText());
        Integer microBatches =
                plan.path("microBatches").isInt() ? plan.path("microBatches").asInt() : null;
        StageQuestion question = new StageQuestion(
                input,
                format,
                tree,
                tree == null ? (Integer) plan.path("accelerators").asInt() : null,
                given(plan, "memoryBytes"),
                given(plan, "bandwidthBytesPerSecond"),
                microBatches);
        Claim claim = new Claim(
                plan.path("stages"),
                number(plan, "value"),
                number(plan, "lowerBound"),
                plan.path("status").asText().equals("OPTIMAL"));
        List<String> findings = new ArrayList<>(wrongAssignment(plan));
        findings.addAll(
                format == InputFormat.PIPER
                        ? findings(claim, question.piper())
                        : findings(claim, question.pipeDream(), question.levels()));
        return findings;
    }

    /// What a plan says of itself.
    private record Claim(JsonNode stages, double value, double lowerBound, boolean optimal) {
        static Claim of(StageAnswer answer) {
            StageAnswer.Found found = Objects.requireNonNull(answer.found());
            boolean optimal = answer.status().equals("OPTIMAL");
            return new Claim(found.stages(), found.value(), found.lowerBound(), optimal);
        }
    }

    /// What does not hold of an answer in Piper's model.
    static List<String> findings(StageAnswer answer, PiperProfile profile) {
        return findings(Claim.of(answer), profile);
    }

    /// What does not hold of an answer in PipeDream's model.
    static List<String> findings(StageAnswer answer, PipeDreamProfile profile, List<MachineLevel> levels) {
        return findings(Claim.of(answer), profile, levels);
    }

    private static List<String> findings(Claim claim, PiperProfile profile) {
        return StageVerifier.check(
                profile,
                new StageVerifier.Claim(
                        stages(claim.stages()),
                        claim.value() / MILLIS_PER_SECOND,
                        claim.lowerBound() / MILLIS_PER_SECOND,
                        claim.optimal()));
    }

    private static List<String> findings(Claim claim, PipeDreamProfile profile, List<MachineLevel> levels) {
        return LevelVerifier.check(
                profile,
                levels.stream()
                        .map(level -> new LevelVerifier.Level(level.machines(), level.bandwidthBytesPerSecond()))
                        .toList(),
                new LevelVerifier.Claim(
                        parts(claim.stages(), MOST_NESTING), claim.value(), claim.lowerBound(), claim.optimal()));
    }

    private static List<String> wrongAssignment(JsonNode plan) {
        ObjectNode assignment = JSON.createObjectNode();
        assign(plan.path("stages"), assignment);
        return assignment.equals(plan.path("assignment"))
                ? List.of()
                : List.of("The assignment and the stages of the plan differ.");
    }

    private static List<StageVerifier.Stage> stages(JsonNode array) {
        List<StageVerifier.Stage> stages = new ArrayList<>();
        for (JsonNode stage : array) {
            Map<String, String> choices = new HashMap<>();
            stage.path("choices")
                    .properties()
                    .forEach(choice ->
                            choices.put(choice.getKey(), choice.getValue().asText()));
            stages.add(new StageVerifier.Stage(
                    stage.path("tensorDegree").asInt(), stage.path("replicas").asInt(), choices));
        }
        return stages;
    }

    private static List<LevelVerifier.Part> parts(JsonNode array, int depth) {
        List<LevelVerifier.Part> parts = new ArrayList<>();
        for (JsonNode stage : array) {
            List<String> layers = new ArrayList<>();
            stage.path("layers").forEach(layer -> layers.add(layer.asText()));
            List<LevelVerifier.Part> inner = depth == 0 ? List.of() : parts(stage.path("stages"), depth - 1);
            parts.add(new LevelVerifier.Part(stage.path("replicas").asInt(), inner, layers));
        }
        return parts;
    }

    private static @Nullable Double given(JsonNode plan, String field) {
        return plan.path(field).isNumber() ? plan.path(field).asDouble() : null;
    }

    private static double number(JsonNode plan, String field) {
        if (!plan.path(field).isNumber()) {
            throw new InvalidWorkload("The plan has no number " + field + ".");
        }
        return plan.path(field).asDouble();
    }
}
