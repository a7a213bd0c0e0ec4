package dev.pipelinejob.operator.workers;

import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/// What the pods of all jobs have in common, as the operator was installed.
///
/// @param operatorAddress host:port at which supervisors reach the operator
/// @param trustBundle the CAs that the operator is signed by, PEM, as they are when it is asked
/// @param image of workers whose pool names none
/// @param architectures what that image runs on, in the words of the label kubernetes.io/arch
/// @param orphanLimit how long a worker goes on without an operator
public record PodSettings(
        String operatorAddress,
        Supplier<String> trustBundle,
        String image,
        Set<String> architectures,
        Duration orphanLimit) {
    public PodSettings {
        architectures = Set.copyOf(architectures);
    }
}
