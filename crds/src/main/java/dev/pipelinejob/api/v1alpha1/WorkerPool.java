package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import org.jspecify.annotations.Nullable;

/// Workers of one kind; without an accelerator they compute on the CPU.
@ValidationRule(
        value = TemplateRules.NO_RESTART_POLICY,
        fieldPath = ".template.spec.restartPolicy",
        message = TemplateRules.NO_RESTART_POLICY_MESSAGE)
@ValidationRule(
        value = TemplateRules.NO_NODE_NAME,
        fieldPath = ".template.spec.nodeName",
        message = TemplateRules.NO_NODE_NAME_MESSAGE)
@ValidationRule(
        value = TemplateRules.NO_GRACE_PERIOD,
        fieldPath = ".template.spec.terminationGracePeriodSeconds",
        message = TemplateRules.NO_GRACE_PERIOD_MESSAGE)
@ValidationRule(
        value = TemplateRules.OWN_LABELS,
        fieldPath = ".template.metadata",
        message = TemplateRules.OWN_LABELS_MESSAGE)
@ValidationRule(
        value = TemplateRules.OWN_VOLUMES,
        fieldPath = ".template.spec.volumes",
        message = TemplateRules.OWN_VOLUMES_MESSAGE)
@ValidationRule(
        value = TemplateRules.NO_COMMAND,
        fieldPath = ".template.spec.containers",
        message = TemplateRules.NO_COMMAND_MESSAGE)
@ValidationRule(
        value = TemplateRules.NO_IMAGE,
        fieldPath = ".template.spec.containers",
        message = TemplateRules.NO_IMAGE_MESSAGE)
@ValidationRule(
        value = TemplateRules.OWN_ENVIRONMENT,
        fieldPath = ".template.spec.containers",
        message = TemplateRules.OWN_ENVIRONMENT_MESSAGE)
@ValidationRule(
        value = TemplateRules.OWN_MOUNTS,
        fieldPath = ".template.spec.containers",
        message = TemplateRules.OWN_MOUNTS_MESSAGE)
@ValidationRule(
        value = TemplateRules.OWN_ACCELERATOR,
        fieldPath = ".template.spec.containers",
        messageExpression = TemplateRules.OWN_ACCELERATOR_MESSAGE)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkerPool(
        @Required
        @Size(min = 1, max = 63)
        @ValidationRule(
                value = "self.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
                messageExpression = "'must be lower-case letters, digits and hyphens and start with a letter,"
                        + " and not \"' + self + '\"'")
        @JsonPropertyDescription("The pool's name, in lower-case letters, digits and hyphens.")
        String name,

        @JsonPropertyDescription("What each worker of the pool computes on; absent: the CPU.") @Nullable
        Accelerator accelerator,

        @Min(0)
        @Max(64)
        @Default("0")
        @JsonPropertyDescription(
                "The number of workers that stand by beside those that the plan needs. They are started once these"
                        + " train, on other nodes where there is room, and one of them takes over at once when a worker"
                        + " is lost.")
        int spares,

        @Size(min = 1, max = 1024)
        @JsonPropertyDescription("The image of the workers on a cluster; absent: the operator's choice.")
        @Nullable
        String image,

        @JsonPropertyDescription("What the workers' pods have besides what the operator gives them.") @Nullable
        PodTemplateSpec template) {

    /// What a slot computes on.
    public record Accelerator(
            @Required
            @Size(min = 3, max = 317)
            @ValidationRule(
                    value = "self.matches('^[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$')",
                    messageExpression = "'must be the name by which nodes offer it, such as nvidia.com/gpu,"
                            + " and not \"' + self + '\"'")
            @JsonPropertyDescription("The resource by which nodes offer it, such as nvidia.com/gpu.")
            String resource,

            @Min(1) @Max(64) @Default("1") @JsonPropertyDescription("The number of devices that one worker takes.")
            int count) {}
}
