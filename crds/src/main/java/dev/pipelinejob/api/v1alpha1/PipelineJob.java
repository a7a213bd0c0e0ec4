package dev.pipelinejob.api.v1alpha1;

import dev.pipelinejob.api.ApiNames;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.Serial;

/// Trains one model as a pipeline.
@Group(ApiNames.GROUP)
@Version(ApiNames.V1ALPHA1)
@ShortNames({"pj", "pjob"})
@Categories(ApiNames.CATEGORY)
@AdditionalPrinterColumn(name = "STATE", jsonPath = ".status.state", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "READY", jsonPath = ".status.ready", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "STEP", jsonPath = ".status.progress.step", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "LOSS", jsonPath = ".status.progress.loss", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "RESTARTS", jsonPath = ".status.restarts", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "CKPT",
        jsonPath = ".status.checkpoint.lastStep",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "AGE",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$') && size(self.metadata.name) <= 48",
        messageExpression =
                "'metadata.name must be at most 48 lower-case letters, digits and hyphens and start with a letter, because'"
                        + " + ' the names of workers are made from it, and not ' + self.metadata.name")
@ValidationRule(value = AtRest.PIPELINE, fieldPath = ".spec.pipeline", message = AtRest.MESSAGE)
@ValidationRule(value = AtRest.PLACEMENT, fieldPath = ".spec.placement", message = AtRest.MESSAGE)
@ValidationRule(value = AtRest.WORKER_POOLS, fieldPath = ".spec.workerPools", message = AtRest.MESSAGE)
@ValidationRule(value = AtRest.EVERY_STEPS, fieldPath = ".spec.checkpoint.everySteps", message = AtRest.MESSAGE)
@ValidationRule(value = AtRest.STORE, fieldPath = ".spec.checkpoint.store", message = AtRest.MESSAGE)
public class PipelineJob extends CustomResource<PipelineJobSpec, PipelineJobStatus> implements Namespaced {
    @Serial
    private static final long serialVersionUID = 1;
}
