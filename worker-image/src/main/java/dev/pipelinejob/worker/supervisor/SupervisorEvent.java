package dev.pipelinejob.worker.supervisor;

import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.engine.FromEngine;
import dev.pipelinejob.protocol.identity.IdentityCredentials;
import java.util.function.Consumer;

/// What happens to a supervisor; one thread handles one event after the other.
sealed interface SupervisorEvent {
    /// The operator signed for this worker, for the first time or again.
    record Enrolled(IdentityCredentials credentials) implements SupervisorEvent {}

    /// A control stream is up; `send` writes to it.
    record SessionOpened(int number, Consumer<WorkerMessage> send) implements SupervisorEvent {}

    /// A control stream is gone.
    record SessionClosed(int number, String reason) implements SupervisorEvent {}

    /// The operator would not open a session, because a newer incarnation of this worker's slot has one.
    record Superseded(String reason) implements SupervisorEvent {}

    /// The operator says something.
    record OperatorSaid(OperatorMessage message) implements SupervisorEvent {}

    /// An engine process says something.
    record EngineSaid(EngineChild child, FromEngine message) implements SupervisorEvent {}

    /// An engine process has ended.
    record EngineEnded(EngineChild child, int exitCode) implements SupervisorEvent {}

    /// The worker has been asked to end, by somebody else than the operator.
    record AskedToEnd(String reason) implements SupervisorEvent {}

    /// Time passes.
    record Tick() implements SupervisorEvent {}
}
