package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/// What the user wants trained, and how.
@ValidationRule(
        value = "self.model == oldSelf.model",
        fieldPath = ".model",
        message = "model never changes, because the checkpoints belong to it: create a job with another name")
@ValidationRule(
        value = "self.data == oldSelf.data",
        fieldPath = ".data",
        message = "data never change, because the losses so far come from them: create a job with another name")
@ValidationRule(
        value = "!has(self.pipeline.stages) || !has(self.pipeline.stages.manual)"
                + " || self.pipeline.stages.manual.map(stage, stage.layers).sum() == 2 + (has(self.model.catalogue.gpt)"
                + " ? self.model.catalogue.gpt.layers"
                + " : has(self.model.catalogue.mlp) ? self.model.catalogue.mlp.layers : 0)",
        fieldPath = ".pipeline.stages.manual",
        messageExpression =
                "'the manual stages hold ' + string(self.pipeline.stages.manual.map(stage, stage.layers).sum())"
                        + " + ' layers, but the model has ' + string(2 + (has(self.model.catalogue.gpt)"
                        + " ? self.model.catalogue.gpt.layers"
                        + " : has(self.model.catalogue.mlp) ? self.model.catalogue.mlp.layers : 0))"
                        + " + ': its embedding, its layers and its head; make the sums equal'",
        message = "the manual stages must hold the model's layers and two more: its embedding and its head")
public record PipelineJobSpec(
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

        @Default("{}") @JsonPropertyDescription("What happens when something fails.")
        FailurePolicy failurePolicy,

        @Default("{}") @JsonPropertyDescription("When and where the state of the training is saved.")
        Checkpoint checkpoint) {
    public PipelineJobSpec {
        workerPools = List.copyOf(workerPools);
    }
}
