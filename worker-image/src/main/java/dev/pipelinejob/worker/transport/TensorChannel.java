package dev.pipelinejob.worker.transport;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SortedMap;

/// One worker's ends of all edges of one attempt. Messages of one peer arrive in the order in which it sent them;
/// they are taken by key.
///
/// {@link #send} and {@link #receive} belong to the compute thread; {@link #close} may come from any thread and ends
/// whatever blocks.
public interface TensorChannel extends AutoCloseable {
    /// Waits until every peer that this worker sends to has prepared the same attempt and accepts.
    ///
    /// @throws ChannelException when one did not within `limit`, or refused
    void connect(Duration limit) throws ChannelException, InterruptedException;

    /// Hands a message over and returns as soon as `payload` may be used again; blocks only while the peer is so far
    /// behind that the edge's buffers are full.
    ///
    /// @param payload direct; read from its position to its limit, both stay as they were
    void send(int peer, TensorKey key, ByteBuffer payload) throws ChannelException, InterruptedException;

    /// Waits for a message.
    ///
    /// @throws ChannelException when the peer is lost or silent for longer than `limit`, or this channel is closed
    TensorLease receive(int peer, TensorKey key, Duration limit) throws ChannelException, InterruptedException;

    /// Payload bytes taken from each peer since the last call, by rank.
    SortedMap<Integer, Long> drainReceivedBytes();

    /// Ends everything at once, also for the peers. Harmless when closed before.
    @Override
    void close();
}
