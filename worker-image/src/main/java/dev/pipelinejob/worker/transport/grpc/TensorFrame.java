package dev.pipelinejob.worker.transport.grpc;

import dev.pipelinejob.worker.transport.TensorKey;
import dev.pipelinejob.worker.transport.TensorLease;
import java.nio.ByteBuffer;

/// One message of a tensor stream.
sealed interface TensorFrame {
    /// On its way out; the payload is read before the sending call returns.
    record Outgoing(int attempt, TensorKey key, ByteBuffer payload) implements TensorFrame {}

    /// As it came in, its checksum verified.
    record Incoming(int attempt, TensorKey key, TensorLease payload) implements TensorFrame {}

    /// What came in is not what was sent.
    record Damaged(String detail) implements TensorFrame {}
}
