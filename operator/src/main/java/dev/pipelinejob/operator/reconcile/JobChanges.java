package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Objects;

/// Which changes of a job are worth a look: those of its spec, and of its labels, which may put it into a queue or take
/// it out. Its status is written here.
public final class JobChanges implements OnUpdateFilter<PipelineJob> {
    @Override
    public boolean accept(PipelineJob now, PipelineJob before) {
        return now.isMarkedForDeletion()
                || !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || !Objects.equals(
                        now.getMetadata().getLabels(), before.getMetadata().getLabels());
    }
}
