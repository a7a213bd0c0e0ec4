package dev.pipelinejob.operator.workers;

import dev.pipelinejob.api.WorkerLabels;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.operator.planning.AttemptRecord;
import dev.pipelinejob.operator.planning.RecordJson;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Attempts as immutable ConfigMaps: creating one is the claim.
public final class AttemptConfigMaps {
    private static final String RECORD = "attempt.json";
    private static final String WORKERS = "workers";

    private AttemptConfigMaps() {}

    /// Who fills a rank, in the words of a cluster; for people, nothing is read from it.
    ///
    /// @param rank the worker's number in the attempt
    /// @param pod its pod's name
    /// @param podUid and UID
    /// @param node where it runs
    /// @param stages the stages that it holds
    public record SeatedPod(int rank, String pod, String podUid, String node, List<Integer> stages) {
        public SeatedPod {
            stages = List.copyOf(stages);
        }

        private String line() {
            return "rank %d: pod %s (%s) on node %s, stages %s".formatted(rank, pod, podUid, node, stages);
        }
    }

    /// The name of an attempt's ConfigMap.
    public static String name(String jobName, int attempt) {
        return jobName + "-attempt-" + attempt;
    }

    /// The labels by which a job's attempts are found.
    public static Map<String, String> selector(String jobUid) {
        return Map.of(WorkerLabels.JOB_UID, jobUid);
    }

    /// The claim of an attempt.
    public static ConfigMap of(PipelineJob job, AttemptRecord attempt, List<SeatedPod> seats) {
        Map<String, String> labels = new LinkedHashMap<>(SlotPods.ofJob(job));
        labels.put(WorkerLabels.ATTEMPT, Integer.toString(attempt.attempt()));
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name(job.getMetadata().getName(), attempt.attempt()))
                .withNamespace(job.getMetadata().getNamespace())
                .withLabels(labels)
                .withOwnerReferences(SlotPods.owner(job))
                .endMetadata()
                .withImmutable(true)
                .addToData(RECORD, RecordJson.line(attempt))
                .addToData(
                        WORKERS,
                        String.join("\n", seats.stream().map(SeatedPod::line).toList()))
                .build();
    }

    /// Whether this ConfigMap is an attempt at all.
    public static boolean isAttempt(ConfigMap map) {
        return map.getMetadata().getLabels() != null
                && map.getMetadata().getLabels().containsKey(WorkerLabels.ATTEMPT);
    }

    /// The record that a ConfigMap holds.
    ///
    /// @throws IOException when it holds something else
    public static AttemptRecord read(ConfigMap map) throws IOException {
        return RecordJson.read(
                map.getData() == null ? "" : map.getData().getOrDefault(RECORD, ""),
                AttemptRecord.class,
                "ConfigMap " + map.getMetadata().getNamespace() + "/"
                        + map.getMetadata().getName());
    }
}
