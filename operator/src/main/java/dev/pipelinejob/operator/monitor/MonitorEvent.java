package dev.pipelinejob.operator.monitor;

import dev.pipelinejob.protocol.control.Hello;
import dev.pipelinejob.protocol.control.WorkerMessage;
import java.time.Duration;

/// What happened on the control streams. Events of one session come in order; those of an older session of the same
/// worker may come late, so each carries the number of its session.
public sealed interface MonitorEvent {
    /// Which worker's stream it is.
    WorkerKey worker();

    /// Number of the session, growing.
    long session();

    /// A supervisor opened its stream and said who it is.
    record Connected(WorkerKey worker, long session, Hello hello) implements MonitorEvent {}

    /// A supervisor reported.
    record Received(WorkerKey worker, long session, WorkerMessage message) implements MonitorEvent {}

    /// The stream ended, for whatever reason.
    ///
    /// @param quiet for how long nothing had been heard by then
    record Disconnected(WorkerKey worker, long session, String reason, Duration quiet) implements MonitorEvent {}
}
