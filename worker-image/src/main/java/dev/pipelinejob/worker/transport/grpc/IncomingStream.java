package dev.pipelinejob.worker.transport.grpc;

import dev.pipelinejob.protocol.tensor.StreamHandshake;
import dev.pipelinejob.worker.transport.Mailbox;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.function.Consumer;

/// A peer's stream to this worker. The peer may send as many messages as its mailbox has room for; each message that
/// is taken lets it send one more. All the while this worker tells the peer that it is there.
final class IncomingStream extends ServerCall.Listener<TensorFrame> {
    private final int peer;
    private final int attempt;
    private final Mailbox mailbox;
    private final ServerCall<TensorFrame, StreamHandshake> call;
    private final Consumer<String> lost;
    private boolean ended;

    IncomingStream(
            int peer,
            int attempt,
            Mailbox mailbox,
            ServerCall<TensorFrame, StreamHandshake> call,
            Consumer<String> lost) {
        this.peer = peer;
        this.attempt = attempt;
        this.mailbox = mailbox;
        this.call = call;
        this.lost = lost;
    }

    /// Tells the peer that it is let in; it sends nothing before.
    synchronized void open() {
        call.sendHeaders(new Metadata());
        call.request(mailbox.credits());
    }

    void grantOne() {
        call.request(1);
    }

    @Override
    public void onMessage(TensorFrame frame) {
        switch (frame) {
            case TensorFrame.Incoming in when in.attempt() == attempt -> mailbox.put(in.key(), in.payload());
            case TensorFrame.Incoming in -> {
                in.payload().close();
                refuse("it sent a message of attempt " + in.attempt());
            }
            case TensorFrame.Damaged damaged -> refuse(damaged.detail());
            case TensorFrame.Outgoing _ -> throw new IllegalStateException("The marshaller reads no outgoing frames.");
        }
    }

    private void refuse(String detail) {
        end(Status.DATA_LOSS.withDescription(detail));
        lost.accept(detail);
    }

    private synchronized void end(Status status) {
        if (!ended) {
            ended = true;
            call.close(status, new Metadata());
        }
    }

    /// An empty answer, unless the connection is busy anyway.
    synchronized void sayAlive() {
        if (!ended && call.isReady()) {
            call.sendMessage(StreamHandshake.getDefaultInstance());
        }
    }

    @Override
    public void onHalfClose() {
        lost.accept("rank " + peer + " ended its stream");
    }

    @Override
    public void onCancel() {
        synchronized (this) {
            ended = true;
        }
        lost.accept("its stream was reset or its connection closed");
    }

    void close() {
        end(Status.CANCELLED.withDescription("The attempt was aborted here."));
    }
}
