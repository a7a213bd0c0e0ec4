package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.pipelinejob.api.ApiNames;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the user wants trained, and how.
@ValidationRule(value = "self.model == oldSelf.model", fieldPath = ".model", message = Immutable.CHECKPOINTS_MESSAGE)
@ValidationRule(value = "self.data == oldSelf.data", fieldPath = ".data", message = Immutable.LOSSES_MESSAGE)
@ValidationRule(
        value = "!has(self.pipeline.stages.manual) || " + PipelineJobSpec.MANUAL_LAYERS + " == "
                + PipelineJobSpec.MODEL_LAYERS,
        fieldPath = ".pipeline.stages.manual",
        messageExpression = "'must hold all %d layers of the model (its embedding, its layers, its head) together, and"
                + " not %d'.format([" + PipelineJobSpec.MODEL_LAYERS + ", " + PipelineJobSpec.MANUAL_LAYERS + "])")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PipelineJobSpec(
        @Default("false")
        @JsonPropertyDescription(
                "Whether the job is held: all workers write a checkpoint and are released; false lets it go on from"
                        + " there.")
        boolean suspend,

        @Required @JsonPropertyDescription("The model to train.")
        Model model,

        @Required @JsonPropertyDescription("What it is trained on.")
        Data data,

        @Required @JsonPropertyDescription("How it is trained; this alone, with model and data, decides the losses.")
        Training training,

        @Default("{}") @JsonPropertyDescription("How the model is cut into stages and in which order these work.")
        Pipeline pipeline,

        @Default("{}") @JsonPropertyDescription("How stages are given to machines.")
        Placement placement,

        @Size(min = 1, max = 1)
        @Default("[{\"name\": \"workers\"}]")
        @JsonPropertyDescription("The pools that workers come from; exactly one.")
        List<WorkerPool> workerPools,

        @Min(1)
        @Max(604_800)
        @Default("600")
        @JsonPropertyDescription(
                "The time that a worker may take to come up. When one has not been started by then, all are released"
                        + " and the job is tried again later.")
        int readyTimeoutSeconds,

        @Default("{}") @JsonPropertyDescription("What happens when something fails.")
        FailurePolicy failurePolicy,

        @Default("{}") @JsonPropertyDescription("When and where the state of the training is saved.")
        Checkpoint checkpoint,

        @Min(1)
        @Max(2_147_483_647)
        @JsonPropertyDescription(
                "The time that the job may be active before it fails; it begins anew when a suspended job goes on.")
        @Nullable
        Integer activeDeadlineSeconds,

        @Min(0)
        @Max(2_147_483_647)
        @JsonPropertyDescription("The time after its end after which the job is deleted; absent = never.")
        @Nullable
        Integer ttlSecondsAfterFinished,

        @Size(min = 1, max = 63)
        @Default(ApiNames.CONTROLLER)
        @ValidationRule(
                value = Immutable.UNCHANGED,
                messageExpression = "'cannot change from ' + oldSelf + ' to ' + self + ', because two controllers would"
                        + " meet: create a job with another name'")
        @JsonPropertyDescription("The controller that this job belongs to; any but the default one leaves it alone.")
        String managedBy) {
    static final String MANUAL_LAYERS = "self.pipeline.stages.manual.map(stage, stage.layers).sum()";
    static final String MODEL_LAYERS = "(2 + (has(self.model.catalogue.gpt) ? self.model.catalogue.gpt.layers"
            + " : has(self.model.catalogue.mlp) ? self.model.catalogue.mlp.layers : 0))";

    public PipelineJobSpec {
        workerPools = List.copyOf(workerPools);
    }

    /// The same, held.
    public PipelineJobSpec suspended() {
        return new PipelineJobSpec(
                true,
                model,
                data,
                training,
                pipeline,
                placement,
                workerPools,
                readyTimeoutSeconds,
                failurePolicy,
                checkpoint,
                activeDeadlineSeconds,
                ttlSecondsAfterFinished,
                managedBy);
    }

    /// Whether another spec differs in nothing that may change only while a job holds no workers.
    public boolean restsAs(PipelineJobSpec other) {
        return pipeline.equals(other.pipeline)
                && placement.equals(other.placement)
                && workerPools.equals(other.workerPools)
                && checkpoint.everySteps() == other.checkpoint.everySteps()
                && Objects.equals(checkpoint.store(), other.checkpoint.store());
    }
}
