package dev.pipelinejob.operator.cli.placement;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pipelinejob.placement.partition.BoundKind;
import dev.pipelinejob.placement.partition.Bounds;
import dev.pipelinejob.placement.partition.Contiguity;
import dev.pipelinejob.placement.partition.Objective;
import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.Reduction;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.rules.CutRule;
import dev.pipelinejob.placement.partition.rules.RuleSplit;
import dev.pipelinejob.placement.partition.verify.Verifier;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A split that nobody searched for: written by a person or made by a plain rule. The verifiers say what it is worth.
final class GivenSplit {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MOST_FILE_BYTES = 1L << 30;
    private static final String BEST = "best";

    private GivenSplit() {}

    /// The rule of a name; empty when the planner is to search.
    static List<CutRule> rule(String word) {
        List<CutRule> rules = Arrays.stream(CutRule.values())
                .filter(rule -> rule.word().equals(word))
                .toList();
        if (rules.isEmpty() && !word.equals(BEST)) {
            throw new InvalidWorkload("There is no rule " + word + ": give best, " + CutRule.words() + ".");
        }
        return rules;
    }

    /// What a rule makes of a question.
    static Answer by(CutRule rule, Question question, Workload workload) {
        return judged(question, workload, Answer.named(question, workload, RuleSplit.of(workload, rule)));
    }

    /// What is in a file: devices by nodes' names, or a plan with such an assignment.
    static Answer in(Path file, Question question, Workload workload) throws IOException {
        return judged(question, workload, read(file));
    }

    private static Map<String, String> read(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > MOST_FILE_BYTES) {
            throw new InvalidWorkload(
                    "There is no file " + file + ", or it is longer than " + MOST_FILE_BYTES + " bytes.");
        }
        try {
            JsonNode json = JSON.readTree(file.toFile());
            JsonNode nodes = json.path("assignment").isObject() ? json.path("assignment") : json;
            Map<String, String> assignment = new LinkedHashMap<>();
            nodes.properties()
                    .forEach(node ->
                            assignment.put(node.getKey(), node.getValue().asText()));
            return assignment;
        } catch (JacksonException broken) {
            throw new InvalidWorkload("File " + file + " is no readable JSON at line "
                    + broken.getLocation().getLineNr() + ".");
        }
    }

    private static Answer judged(Question question, Workload workload, Map<String, String> assignment) {
        double value = Answer.value(question, workload, assignment);
        double bound = Math.min(value, bound(question, workload));
        Verifier.Claim claim =
                new Verifier.Claim(assignment, value, bound, false, question.contiguity() == Contiguity.CONTIGUOUS);
        List<String> findings = Answer.findings(question, workload, claim);
        if (!findings.isEmpty() || Double.isInfinite(value)) {
            String reason = findings.isEmpty() ? "A share waits for itself." : findings.getFirst();
            return new Answer(question, workload, new PartitionOutcome.Infeasible(reason), 0);
        }
        Split split = new Split(devices(question, workload, assignment), value, bound, BoundKind.CONTIGUOUS);
        return new Answer(question, workload, new PartitionOutcome.Feasible(split), 0);
    }

    /// Total work and single units, where the question has such a bound.
    private static double bound(Question question, Workload workload) {
        boolean hasBound = question.objective() != Objective.LATENCY
                && question.tree() == null
                && question.contiguity() == Contiguity.CONTIGUOUS;
        return hasBound ? new Bounds(Reduction.reduce(workload)).any() : 0;
    }

    private static int[] devices(Question question, Workload workload, Map<String, String> assignment) {
        int devices = question.tree() == null
                ? workload.devices().accelerators() + workload.devices().cpus()
                : question.tree().slots().size();
        Map<String, Integer> number = new HashMap<>();
        for (int device = 0; device < devices; device++) {
            number.put(Answer.deviceName(question, workload, device), device);
        }
        int[] deviceOfNode = new int[workload.nodes()];
        for (int node = 0; node < deviceOfNode.length; node++) {
            deviceOfNode[node] = number.getOrDefault(assignment.getOrDefault(workload.id(node), ""), 0);
        }
        return deviceOfNode;
    }
}
