package dev.pipelinejob.operator.cli.placement;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pipelinejob.placement.partition.Contiguity;
import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.verify.Verifier;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.ReadOptions;
import dev.pipelinejob.placement.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `plan.json`: what was asked, what came of it, and which node is on which device.
final class PlanFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MOST_FILE_BYTES = 1L << 30;

    private PlanFile() {}

    /// Writes a plan.
    static void write(Path file, Answer answer, long seed) throws IOException {
        Question question = answer.question();
        Workload workload = answer.workload();
        ObjectNode plan = JSON.createObjectNode();
        plan.put("input", question.input().toString());
        plan.put("format", question.format().word());
        plan.put("objective", question.objective().name().toLowerCase(Locale.ROOT));
        plan.put("contiguity", question.contiguity().name().toLowerCase(Locale.ROOT));
        plan.put("units", question.unitsWord());
        plan.put("bandwidthBytesPerSecond", question.bandwidthBytesPerSecond());
        plan.put("accelerators", workload.devices().accelerators());
        plan.put("cpus", workload.devices().cpus());
        if (question.tree() == null && Double.isFinite(workload.devices().memoryBytes())) {
            plan.put("memoryBytes", workload.devices().memoryBytes());
        }
        plan.put("status", answer.status());
        Split split = answer.split();
        if (split != null) {
            plan.put("value", split.value());
            plan.put("lowerBound", split.lowerBound());
            plan.put("boundKind", split.boundKind().word());
            ObjectNode nodes = plan.putObject("assignment");
            answer.assignment().forEach(nodes::put);
            plan.put("usedAccelerators", answer.usedAccelerators());
        } else if (answer.outcome() instanceof PartitionOutcome.Infeasible(String reason)) {
            plan.put("reason", reason);
        }
        plan.put("solveMillis", answer.millis());
        plan.put("seed", seed);
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(plan) + "\n");
    }

    /// A plan that was read: how its input must be read, and what it claims.
    record Read(Question question, Verifier.Claim claim) {}

    /// Reads a plan.
    ///
    /// @param input the workload's file, in whatever place it is now
    /// @param tree the links that it is meant for, if any
    static Read read(Path file, Path input, @Nullable Topology tree) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidWorkload("There is no file " + file + ".");
        }
        if (Files.size(file) > MOST_FILE_BYTES) {
            throw new InvalidWorkload("File " + file + " is longer than " + MOST_FILE_BYTES + " bytes.");
        }
        JsonNode plan = tree(file);
        if (!plan.isObject()) {
            throw new InvalidWorkload("File " + file + " is no plan: it holds no JSON object.");
        }
        String status = text(plan, "status", "");
        if (!status.equals("OPTIMAL") && !status.equals("FEASIBLE")) {
            throw new InvalidWorkload("File " + file + " holds no split to check: its status is "
                    + (status.isEmpty() ? "missing" : status) + ".");
        }
        Question question = new Question(
                input,
                InputFormat.of(text(plan, "format", InputFormat.DNN_PARTITIONING.word())),
                Question.objective(text(plan, "objective", "throughput")),
                Question.contiguity(text(plan, "contiguity", "contiguous")),
                tree,
                Question.units(text(plan, "units", "official")),
                plan.path("bandwidthBytesPerSecond").asDouble(ReadOptions.DEFAULT_BANDWIDTH_BYTES_PER_SECOND),
                count(plan, "accelerators"),
                count(plan, "cpus"),
                plan.path("memoryBytes").isNumber() ? plan.path("memoryBytes").asDouble() : null);
        Map<String, String> assignment = new LinkedHashMap<>();
        plan.path("assignment").properties().forEach(node -> {
            if (!node.getValue().isTextual()) {
                throw new InvalidWorkload("Node " + node.getKey() + " of the plan has no device name.");
            }
            assignment.put(node.getKey(), node.getValue().asText());
        });
        return new Read(
                question,
                new Verifier.Claim(
                        assignment,
                        number(plan, "value"),
                        number(plan, "lowerBound"),
                        status.equals("OPTIMAL"),
                        question.contiguity() == Contiguity.CONTIGUOUS));
    }

    private static JsonNode tree(Path file) throws IOException {
        try {
            return JSON.readTree(file.toFile());
        } catch (JacksonException broken) {
            throw new InvalidWorkload("File " + file + " is no readable JSON at line "
                    + broken.getLocation().getLineNr() + ".");
        }
    }

    private static String text(JsonNode plan, String field, String otherwise) {
        return plan.path(field).asText(otherwise);
    }

    private static @Nullable Integer count(JsonNode plan, String field) {
        return plan.path(field).isInt() ? plan.path(field).asInt() : null;
    }

    private static double number(JsonNode plan, String field) {
        if (!plan.path(field).isNumber()) {
            throw new InvalidWorkload("The plan has no number " + field + ".");
        }
        return plan.path(field).asDouble();
    }
}
