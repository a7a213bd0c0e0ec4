package dev.pipelinejob.worker.transport;

/// Where channels come from: one a process, for all of its attempts.
public interface TensorTransport extends AutoCloseable {
    /// Where peers reach this worker; `host:port` or a name that means something to the implementation.
    String address();

    /// Opens the channel of an attempt and from now on accepts its peers. Peers of later attempts are told to try
    /// again, those of earlier ones or of another digest are refused for good.
    ///
    /// At most one channel is open: close the one before first.
    TensorChannel open(ChannelSpec spec, EdgeListener listener);

    @Override
    void close();

    /// Hears of an edge's death when it happens, whoever is waiting for it; called once a peer and channel, from a
    /// thread that must not be held up.
    @FunctionalInterface
    interface EdgeListener {
        void edgeDown(int peer, String detail);
    }
}
