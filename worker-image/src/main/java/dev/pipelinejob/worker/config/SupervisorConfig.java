package dev.pipelinejob.worker.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a supervisor is told.
///
/// @param operatorAddress `PIPELINEJOB_OPERATOR_ADDRESS`: host:port of the operator
/// @param operatorAddressFile `PIPELINEJOB_OPERATOR_ADDRESS_FILE`: a file that holds it instead, read again before
///     every connection, because an operator that comes back may listen elsewhere
/// @param slot who this worker is
/// @param tokenFile `PIPELINEJOB_TOKEN_FILE`: proves it at enrolment
/// @param trust `PIPELINEJOB_TRUST_BUNDLE`: certificates that the operator is signed by, PEM; or
///     `PIPELINEJOB_TRUST_FILE`: a file of them, DER or PEM
/// @param checkpointDirectory `PIPELINEJOB_CHECKPOINT_DIRECTORY`: the store to take inventory of
/// @param logDirectory `PIPELINEJOB_LOG_DIRECTORY`: where the engines' logs go
/// @param standby `PIPELINEJOB_STANDBY`: whether to keep a second engine ready
/// @param orphanLimit `PIPELINEJOB_ORPHAN_SECONDS`: how long to go on without an operator
/// @param drainLimit `PIPELINEJOB_DRAIN_SECONDS`: how long to train on after SIGTERM, until the operator has had all
///     workers write a checkpoint; 0 = not at all
/// @param echo `PIPELINEJOB_ECHO_ENGINES`: whether to say again what engines say, on this process's own output
/// @param rankFile `PIPELINEJOB_RANK_FILE`: where to write down, for other programs in the pod, who this worker is in
///     the present attempt
/// @param engineOptions `PIPELINEJOB_ENGINE_OPTIONS`: further options of the engine's JVM
public record SupervisorConfig(
        Optional<String> operatorAddress,
        Optional<Path> operatorAddressFile,
        SlotIdentity slot,
        Path tokenFile,
        OperatorTrust trust,
        Optional<Path> checkpointDirectory,
        Path logDirectory,
        boolean standby,
        Duration orphanLimit,
        Duration drainLimit,
        boolean echo,
        Optional<Path> rankFile,
        List<String> engineOptions) {
    private static final Duration ORPHAN_LIMIT = Duration.ofMinutes(10);

    public SupervisorConfig {
        engineOptions = List.copyOf(engineOptions);
        if (operatorAddress.isEmpty() == operatorAddressFile.isEmpty()) {
            throw new IllegalArgumentException("Exactly one of the environment variables PIPELINEJOB_OPERATOR_ADDRESS"
                    + " and PIPELINEJOB_OPERATOR_ADDRESS_FILE must be set.");
        }
    }

    /// Who a worker is to the operator.
    ///
    /// @param namespace `PIPELINEJOB_NAMESPACE`
    /// @param jobUid `PIPELINEJOB_JOB_UID`
    /// @param number `PIPELINEJOB_SLOT`
    /// @param incarnation `PIPELINEJOB_INCARNATION`: the n-th pod of the slot
    public record SlotIdentity(String namespace, String jobUid, int number, int incarnation) {}

    /// Reads the environment.
    ///
    /// @throws IllegalArgumentException when a variable is missing or wrong
    public static SupervisorConfig from(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        return new SupervisorConfig(
                environment.text("PIPELINEJOB_OPERATOR_ADDRESS"),
                environment.path("PIPELINEJOB_OPERATOR_ADDRESS_FILE"),
                new SlotIdentity(
                        environment.required("PIPELINEJOB_NAMESPACE"),
                        environment.required("PIPELINEJOB_JOB_UID"),
                        environment.count("PIPELINEJOB_SLOT"),
                        environment.count("PIPELINEJOB_INCARNATION")),
                Path.of(environment.required("PIPELINEJOB_TOKEN_FILE")),
                trust(environment),
                environment.path("PIPELINEJOB_CHECKPOINT_DIRECTORY"),
                environment.path("PIPELINEJOB_LOG_DIRECTORY").orElse(Path.of(".")),
                environment.flag("PIPELINEJOB_STANDBY", true),
                environment.seconds("PIPELINEJOB_ORPHAN_SECONDS", ORPHAN_LIMIT),
                environment.seconds("PIPELINEJOB_DRAIN_SECONDS", Duration.ZERO),
                environment.flag("PIPELINEJOB_ECHO_ENGINES", false),
                environment.path("PIPELINEJOB_RANK_FILE"),
                environment.words("PIPELINEJOB_ENGINE_OPTIONS"));
    }

    private static OperatorTrust trust(Environment environment) {
        Optional<String> bundle = environment.text("PIPELINEJOB_TRUST_BUNDLE");
        return bundle.isPresent()
                ? OperatorTrust.Bundle.read(bundle.get())
                : new OperatorTrust.File(Path.of(environment.required("PIPELINEJOB_TRUST_FILE")));
    }
}
