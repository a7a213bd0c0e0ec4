package dev.pipelinejob.worker.transport.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pipelinejob.protocol.tensor.StreamHandshake;
import dev.pipelinejob.worker.transport.BufferPool;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.util.Optional;

/// The one method of a tensor server, and the handshake in its metadata.
final class TensorMethod {
    static final String SERVICE = "pipelinejob.Tensors";
    private static final Metadata.Key<byte[]> HANDSHAKE =
            Metadata.Key.of("pipelinejob-handshake" + Metadata.BINARY_HEADER_SUFFIX, Metadata.BINARY_BYTE_MARSHALLER);

    private TensorMethod() {}

    static MethodDescriptor<TensorFrame, StreamHandshake> descriptor(BufferPool pool) {
        // Frames go one way only. Both ways are declared, because gRPC holds a server's headers back where it expects
        // a single answer, and the headers are what tells the sender that it is let in.
        return MethodDescriptor.<TensorFrame, StreamHandshake>newBuilder()
                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Stream"))
                .setRequestMarshaller(new FrameMarshaller(pool))
                .setResponseMarshaller(ProtoUtils.marshaller(StreamHandshake.getDefaultInstance()))
                .build();
    }

    static Metadata metadata(StreamHandshake handshake) {
        Metadata metadata = new Metadata();
        metadata.put(HANDSHAKE, handshake.toByteArray());
        return metadata;
    }

    static Optional<StreamHandshake> handshake(Metadata metadata) {
        byte[] encoded = metadata.get(HANDSHAKE);
        if (encoded == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(StreamHandshake.parseFrom(encoded));
        } catch (InvalidProtocolBufferException _) {
            return Optional.empty();
        }
    }
}
