package dev.pipelinejob.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/// Workers of one kind; without an accelerator they compute on the CPU.
public record WorkerPool(
        @Required
        @Size(min = 1, max = 63)
        @ValidationRule(
                value = "self.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
                messageExpression = "'must be lower-case letters, digits and hyphens and start with a letter,"
                        + " and not \"' + self + '\"'")
        @JsonPropertyDescription("The pool's name, in lower-case letters, digits and hyphens.")
        String name) {}
