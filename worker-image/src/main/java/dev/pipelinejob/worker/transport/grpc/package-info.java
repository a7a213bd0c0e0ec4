/// Channels between processes: one gRPC client stream a directed pair of workers, under mutual TLS. The payload is
/// copied once into the stream and once out of it; protobuf carries the handshake only.
@NullMarked
package dev.pipelinejob.worker.transport.grpc;

import org.jspecify.annotations.NullMarked;
