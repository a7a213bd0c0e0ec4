package dev.pipelinejob.operator.cli.placement;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.verify.Verifier;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.ReadOptions;
import dev.pipelinejob.placement.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `plan.json`: what was asked, what came of it, and which node is on which device.
final class PlanFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MOST_FILE_BYTES = 1L << 30;

    private PlanFile() {}

    /// What the outcome is called in a plan.
    static String status(PartitionOutcome outcome) {
        return switch (outcome) {
            case PartitionOutcome.Optimal _ -> "OPTIMAL";
            case PartitionOutcome.Feasible _ -> "FEASIBLE";
            case PartitionOutcome.Infeasible _ -> "INFEASIBLE";
            case PartitionOutcome.OutOfTime _ -> "OUT_OF_TIME";
        };
    }

    /// The split that came of it, if one did.
    static @Nullable Split split(PartitionOutcome outcome) {
        return switch (outcome) {
            case PartitionOutcome.Optimal(Split split) -> split;
            case PartitionOutcome.Feasible(Split split) -> split;
            case PartitionOutcome.Infeasible _, PartitionOutcome.OutOfTime _ -> null;
        };
    }

    /// Which node is on which device, in the order of the file.
    static Map<String, String> assignment(Workload workload, Split split) {
        Map<String, String> assignment = new LinkedHashMap<>();
        int[] deviceOfNode = split.deviceOfNode();
        int accelerators = workload.devices().accelerators();
        for (int node = 0; node < workload.nodes(); node++) {
            int device = deviceOfNode[node];
            String name = device < accelerators ? "accelerator-" + device : "cpu-" + (device - accelerators);
            assignment.put(workload.id(node), name);
        }
        return assignment;
    }

    static long usedAccelerators(Workload workload, Split split) {
        return Arrays.stream(split.deviceOfNode())
                .filter(device -> device < workload.devices().accelerators())
                .distinct()
                .count();
    }

    /// Writes a plan.
    static void write(
            Path file, Question question, Workload workload, PartitionOutcome outcome, long seed, double solveMillis)
            throws IOException {
        ObjectNode plan = JSON.createObjectNode();
        plan.put("input", question.input().toString());
        plan.put("format", question.format().word());
        plan.put("objective", "throughput");
        plan.put("contiguity", "contiguous");
        plan.put("units", question.unitsWord());
        plan.put("bandwidthBytesPerSecond", question.bandwidthBytesPerSecond());
        plan.put("accelerators", workload.devices().accelerators());
        plan.put("cpus", workload.devices().cpus());
        if (Double.isFinite(workload.devices().memoryBytes())) {
            plan.put("memoryBytes", workload.devices().memoryBytes());
        }
        plan.put("status", status(outcome));
        Split split = split(outcome);
        if (split != null) {
            plan.put("value", split.value());
            plan.put("lowerBound", split.lowerBound());
            plan.put("boundKind", split.boundKind().word());
            ObjectNode nodes = plan.putObject("assignment");
            assignment(workload, split).forEach(nodes::put);
            plan.put("usedAccelerators", usedAccelerators(workload, split));
        } else if (outcome instanceof PartitionOutcome.Infeasible(String reason)) {
            plan.put("reason", reason);
        }
        plan.put("solveMillis", solveMillis);
        plan.put("seed", seed);
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(plan) + "\n");
    }

    /// A plan that was read: how its input must be read, and what it claims.
    record Read(Question question, Verifier.Claim claim) {}

    /// Reads a plan.
    ///
    /// @param input the workload's file, in whatever place it is now
    static Read read(Path file, Path input) throws IOException {
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
        if (!text(plan, "objective", "throughput").equals("throughput")) {
            throw new InvalidWorkload("Plans for latency cannot be verified yet.");
        }
        Question question = new Question(
                input,
                InputFormat.of(text(plan, "format", InputFormat.DNN_PARTITIONING.word())),
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
                        text(plan, "contiguity", "contiguous").equals("contiguous")));
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
