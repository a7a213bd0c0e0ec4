package dev.pipelinejob.worker.transport;

import java.io.IOException;

/// The attempt cannot go on over this channel.
public sealed class ChannelException extends IOException {
    private static final long serialVersionUID = 1L;

    private ChannelException(String message) {
        super(message);
    }

    /// A peer, or the way to it, is gone; another worker is the cause.
    public static final class PeerLost extends ChannelException {
        private static final long serialVersionUID = 1L;
        private final int peer;

        public PeerLost(int peer, String detail) {
            super("Rank " + peer + " is lost: " + detail);
            this.peer = peer;
        }

        public int peer() {
            return peer;
        }
    }

    /// A peer is there but did not answer in time.
    public static final class TimedOut extends ChannelException {
        private static final long serialVersionUID = 1L;

        public TimedOut(String message) {
            super(message);
        }
    }

    /// This side closed the channel: the attempt was aborted.
    public static final class Closed extends ChannelException {
        private static final long serialVersionUID = 1L;

        public Closed() {
            super("The channel was closed on this side.");
        }
    }
}
