package dev.pipelinejob.operator.workers;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.operator.lifecycle.Journal;
import dev.pipelinejob.operator.planning.RecordJson;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A job's journal as a ConfigMap. It is written over the version that was read, so that an operator that no longer
/// leads finds out by its refusal.
public final class JournalConfigMaps {
    private static final String JOURNAL = "journal.json";
    private static final String DRIVER = "driver";

    private JournalConfigMaps() {}

    /// The name of a job's journal.
    public static String name(String jobName) {
        return jobName + "-journal";
    }

    /// The journal to write.
    ///
    /// @param driver who writes it, another word for each
    /// @param resourceVersion the version that it replaces; null to create it
    public static ConfigMap of(PipelineJob job, Journal journal, String driver, @Nullable String resourceVersion) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name(job.getMetadata().getName()))
                .withNamespace(job.getMetadata().getNamespace())
                .withResourceVersion(resourceVersion)
                .withLabels(SlotPods.ofJob(job))
                .withOwnerReferences(SlotPods.owner(job))
                .endMetadata()
                .addToData(DRIVER, driver)
                .addToData(JOURNAL, RecordJson.line(journal))
                .build();
    }

    /// The journal that a ConfigMap holds.
    ///
    /// @throws IOException when it holds something else
    public static Journal read(ConfigMap map) throws IOException {
        return RecordJson.read(
                map.getData() == null ? "" : map.getData().getOrDefault(JOURNAL, ""),
                Journal.class,
                "ConfigMap " + map.getMetadata().getNamespace() + "/"
                        + map.getMetadata().getName());
    }
}
