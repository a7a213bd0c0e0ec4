package dev.pipelinejob.worker.transport.grpc;

import dev.pipelinejob.worker.transport.BufferPool;
import dev.pipelinejob.worker.transport.TensorLease;
import io.grpc.HasByteBuffer;
import io.grpc.MethodDescriptor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// Frames to bytes and back, with one copy each way.
final class FrameMarshaller implements MethodDescriptor.Marshaller<TensorFrame> {
    /// gRPC counts a message in an int; beyond this a stage boundary should be cut into more micro-batches.
    static final int MAXIMUM_FRAME_BYTES = 1 << 30;

    private final BufferPool pool;

    FrameMarshaller(BufferPool pool) {
        this.pool = pool;
    }

    @Override
    public InputStream stream(TensorFrame frame) {
        if (!(frame instanceof TensorFrame.Outgoing out)) {
            throw new IllegalArgumentException("Only outgoing frames are sent.");
        }
        ByteBuffer payload = out.payload().duplicate();
        FrameHeader header = new FrameHeader(out.attempt(), out.key(), payload.remaining());
        return new FrameStream(header.encode(payload), payload);
    }

    @Override
    public TensorFrame parse(InputStream stream) {
        try {
            byte[] head = new byte[FrameHeader.BYTES];
            if (stream.readNBytes(head, 0, head.length) != head.length) {
                return new TensorFrame.Damaged("a frame ended within its header");
            }
            FrameHeader header = FrameHeader.decode(head);
            if (header.payloadBytes() > MAXIMUM_FRAME_BYTES) {
                return new TensorFrame.Damaged("a frame announces " + header.payloadBytes() + " bytes");
            }
            TensorLease payload = pool.lease(Math.toIntExact(header.payloadBytes()));
            fill(payload.buffer().duplicate(), stream);
            if (!FrameHeader.matches(head, payload.buffer()) || stream.read() != -1) {
                payload.close();
                return new TensorFrame.Damaged("the checksum of " + header.key() + " is wrong");
            }
            return new TensorFrame.Incoming(header.attempt(), header.key(), payload);
        } catch (IOException | IllegalArgumentException e) {
            return new TensorFrame.Damaged(String.valueOf(e.getMessage()));
        }
    }

    private static void fill(ByteBuffer into, InputStream stream) throws IOException {
        boolean lends = stream instanceof HasByteBuffer source && source.byteBufferSupported();
        byte[] scratch = lends ? new byte[0] : new byte[FrameStream.SCRATCH_BYTES];
        while (into.hasRemaining()) {
            if (stream instanceof HasByteBuffer source && lends) {
                ByteBuffer lent = source.getByteBuffer();
                if (lent == null) {
                    throw new EOFException("a frame ended " + into.remaining() + " bytes early");
                }
                int bytes = Math.min(lent.remaining(), into.remaining());
                into.put(lent.slice(lent.position(), bytes));
                stream.skipNBytes(bytes);
            } else {
                int bytes = stream.read(scratch, 0, Math.min(scratch.length, into.remaining()));
                if (bytes < 0) {
                    throw new EOFException("a frame ended " + into.remaining() + " bytes early");
                }
                into.put(scratch, 0, bytes);
            }
        }
    }
}
