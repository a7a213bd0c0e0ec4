package dev.pipelinejob.operator.workers;

import dev.pipelinejob.api.v1alpha1.Data;
import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.api.v1alpha1.Volume;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a job needs on a cluster that it can do without on one machine.
public final class ClusterNeeds {
    private static final String ONE_NODE = "ReadWriteOnce";
    private static final String ONE_POD = "ReadWriteOncePod";
    private static final String MANY_NODES = "ReadWriteMany";

    private ClusterNeeds() {}

    /// Why this spec cannot run on a cluster, in one sentence, or null when it can.
    public static @Nullable String refusal(PipelineJobSpec spec) {
        if (spec.checkpoint().store() == null) {
            return "spec.checkpoint.store is missing: on a cluster pods keep nothing, so name a claim that all nodes"
                    + " can write, such as persistentVolumeClaim: {claimName: checkpoints}.";
        }
        Data.Text text = spec.data().text();
        if (text.source() == null && !text.path().startsWith("/")) {
            return "spec.data.text.path \"" + text.path() + "\" is relative but spec.data.text.source is missing: name"
                    + " a persistentVolumeClaim or a configMap, or give a path in the worker's image.";
        }
        return null;
    }

    /// Why a plan over so many nodes cannot use the store's claim, in one sentence, or null when it can.
    ///
    /// @param accessModes the claim's own
    /// @param workers how many pods the plan has
    /// @param nodes how many nodes they are on
    public static @Nullable String storeRefusal(Volume store, List<String> accessModes, int workers, int nodes) {
        String claim = store.persistentVolumeClaim().claimName();
        if (accessModes.contains(MANY_NODES)) {
            return null;
        }
        if (accessModes.contains(ONE_NODE)) {
            return nodes <= 1
                    ? null
                    : "Claim %s is %s but the plan has workers on %d nodes: use a %s claim in spec.checkpoint.store, or make the job fit on one node."
                            .formatted(claim, ONE_NODE, nodes, MANY_NODES);
        }
        if (accessModes.contains(ONE_POD)) {
            return workers <= 1
                    ? null
                    : "Claim %s is %s but the plan has %d workers: use a %s claim in spec.checkpoint.store."
                            .formatted(claim, ONE_POD, workers, MANY_NODES);
        }
        return "Claim %s can only be read (%s): use a %s claim in spec.checkpoint.store."
                .formatted(claim, String.join(", ", accessModes), MANY_NODES);
    }
}
