package dev.pipelinejob.worker.transport.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// Header and payload as the stream that gRPC asks for; drained in pieces, because its sink takes arrays only.
final class FrameStream extends InputStream implements KnownLength, Drainable {
    static final int SCRATCH_BYTES = 64 << 10;

    private final ByteBuffer header;
    private final ByteBuffer payload;

    FrameStream(byte[] header, ByteBuffer payload) {
        this.header = ByteBuffer.wrap(header);
        this.payload = payload;
    }

    @Override
    public int available() {
        return header.remaining() + payload.remaining();
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
        int total = available();
        byte[] scratch = new byte[Math.min(SCRATCH_BYTES, Math.max(total, 1))];
        for (int bytes = read(scratch, 0, scratch.length); bytes > 0; bytes = read(scratch, 0, scratch.length)) {
            target.write(scratch, 0, bytes);
        }
        return total;
    }

    @Override
    public int read() {
        ByteBuffer source = header.hasRemaining() ? header : payload;
        return source.hasRemaining() ? source.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        ByteBuffer source = header.hasRemaining() ? header : payload;
        if (!source.hasRemaining()) {
            return length == 0 ? 0 : -1;
        }
        int bytes = Math.min(length, source.remaining());
        source.get(into, offset, bytes);
        return bytes;
    }
}
