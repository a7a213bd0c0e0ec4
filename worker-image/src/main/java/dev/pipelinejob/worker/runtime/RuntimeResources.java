package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.worker.transport.TensorTransport;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;

/// What all attempts of one engine process share.
///
/// @param transport where channels come from
/// @param lease the operator's
/// @param clock for times in reports
/// @param cacheFolder for the digest of the data
/// @param reports takes what the operator should know; returns at once
/// @param limits how long to wait
/// @param faults told of every place that an attempt passes
public record RuntimeResources(
        TensorTransport transport,
        OperatorLease lease,
        Clock clock,
        Path cacheFolder,
        Consumer<WorkerMessage> reports,
        Limits limits,
        FaultPoint faults) {
    /// Resources of an engine that nobody wants to fail.
    public RuntimeResources(
            TensorTransport transport,
            OperatorLease lease,
            Clock clock,
            Path cacheFolder,
            Consumer<WorkerMessage> reports,
            Limits limits) {
        this(transport, lease, clock, cacheFolder, reports, limits, FaultPoint.NONE);
    }

    /// How long to wait for peers; a process that hangs is the operator's to find earlier.
    ///
    /// @param connect until a peer has prepared the same attempt
    /// @param receive for one message
    public record Limits(Duration connect, Duration receive) {}
}
