package dev.pipelinejob.worker.supervisor;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// One end of the stream between supervisor and engine: length-delimited messages. The end of the stream is the other
/// process's death.
///
/// @param <I> what comes in
public final class EngineSocket<I> implements AutoCloseable {
    private final SocketChannel channel;
    private final Parser<I> parser;
    private final InputStream in;
    private final OutputStream out;

    public EngineSocket(SocketChannel channel, Parser<I> parser) {
        this.channel = channel;
        this.parser = parser;
        this.in = new BufferedInputStream(Channels.newInputStream(channel));
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel));
    }

    /// The next message; null at the end of the stream.
    ///
    /// @throws IOException when the stream broke, which means the same
    public @Nullable I read() throws IOException {
        return parser.parseDelimitedFrom(in);
    }

    /// Writes one message from any thread.
    public void write(MessageLite message) throws IOException {
        synchronized (out) {
            message.writeDelimitedTo(out);
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
