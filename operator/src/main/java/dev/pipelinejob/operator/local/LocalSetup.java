package dev.pipelinejob.operator.local;

import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.operator.planning.JobTranslation;
import dev.pipelinejob.placement.topology.Topology;
import java.nio.file.Path;
import java.time.Clock;

/// What a run is made from.
///
/// @param folder where everything of the job lies
/// @param namespace the job's namespace
/// @param name the job's name
/// @param spec admitted, defaults filled in
/// @param topology the slots of this machine
/// @param text the data, absolute
/// @param command how a supervisor is started
/// @param clock the wall clock
public record LocalSetup(
        JobFolder folder,
        String namespace,
        String name,
        PipelineJobSpec spec,
        Topology topology,
        Path text,
        WorkerCommand command,
        Clock clock) {
    /// Where workers find data and store.
    JobTranslation.WorkerPaths paths() {
        return new JobTranslation.WorkerPaths(
                text.toString(), folder.checkpoints().toString());
    }
}
