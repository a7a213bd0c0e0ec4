package dev.pipelinejob.worker.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipelinejob.worker.transport.ChannelSpec.Fence;
import dev.pipelinejob.worker.transport.ChannelSpec.PeerAddress;
import dev.pipelinejob.worker.transport.TensorKey.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every implementation of {@link TensorChannel} must do.
@Timeout(180)
public abstract class TensorChannelContract {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final int CREDITS = 4;

    private final List<TensorTransport> transports = new ArrayList<>();
    private final List<TensorChannel> channels = new ArrayList<>();
    private final ConcurrentLinkedQueue<Integer> edgesDown = new ConcurrentLinkedQueue<>();

    /// A transport of its own, able to reach those made before.
    protected abstract TensorTransport newTransport(int index) throws Exception;

    /// Who the transport proves to be.
    protected abstract String identity(int index);

    @AfterEach
    void closeAll() {
        channels.forEach(TensorChannel::close);
        transports.forEach(TensorTransport::close);
    }

    @Test
    void handsMessagesOverByKeyAndBitByBit() throws Exception {
        List<TensorChannel> pair = connectedPair();
        ByteBuffer large = bytes(3 << 20, 1);
        ByteBuffer small = bytes(12, 2);
        ByteBuffer empty = bytes(0, 3);

        pair.get(0).send(1, key(1, 0), large);
        pair.get(0).send(1, key(1, 1), small);
        pair.get(0).send(1, key(1, 2), empty);

        assertThat(received(pair.get(1), key(1, 1))).isEqualTo(small);
        assertThat(received(pair.get(1), key(1, 0))).isEqualTo(large);
        assertThat(received(pair.get(1), key(1, 2))).isEqualTo(empty);
        assertThat(large.position()).as("the sender's buffer is as it was").isZero();
    }

    @Test
    void theSendersMemoryIsFreeWhenSendReturns() throws Exception {
        List<TensorChannel> pair = connectedPair();
        ByteBuffer reused = bytes(1 << 16, 5);
        ByteBuffer expected = bytes(1 << 16, 5);

        pair.get(0).send(1, key(1, 0), reused);
        reused.putLong(0, 42);

        assertThat(received(pair.get(1), key(1, 0))).isEqualTo(expected);
    }

    @Test
    void countsThePayloadThatWasTaken() throws Exception {
        List<TensorChannel> pair = connectedPair();
        pair.get(0).send(1, key(1, 0), bytes(1000, 0));
        pair.get(0).send(1, key(1, 1), bytes(24, 0));
        received(pair.get(1), key(1, 0));

        assertThat(pair.get(1).drainReceivedBytes()).containsEntry(0, 1000L);
        received(pair.get(1), key(1, 1));
        assertThat(pair.get(1).drainReceivedBytes()).containsEntry(0, 24L);
        assertThat(pair.get(1).drainReceivedBytes()).containsEntry(0, 0L);
    }

    @Test
    void aReceiveThatGetsNothingEndsAtItsLimit() throws Exception {
        TensorChannel receiver = connectedPair().get(1);

        assertThatThrownBy(() -> receiver.receive(0, key(1, 0), SHORT))
                .isInstanceOf(ChannelException.TimedOut.class)
                .hasMessageContaining("Rank 0");
    }

    @Test
    void aSenderThatIsFarAheadIsHeldBackAndLosesNothing() throws Exception {
        List<TensorChannel> pair = connectedPair();
        int messages = 100;
        AtomicInteger sent = new AtomicInteger();
        FutureTask<Boolean> sender = start(() -> {
            for (int i = 0; i < messages; i++) {
                pair.get(0).send(1, key(i, 0), bytes(2 << 20, i));
                sent.incrementAndGet();
            }
            return true;
        });
        received(pair.get(1), key(0, 0));
        assertThatThrownBy(() -> sender.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(sent.get()).isLessThan(messages);

        for (int i = 1; i < messages; i++) {
            assertThat(received(pair.get(1), key(i, 0))).isEqualTo(bytes(2 << 20, i));
        }
        assertThat(sender.get()).isTrue();
    }

    @Test
    void aLostPeerEndsEveryWaitAtOnceAndIsToldOnce() throws Exception {
        List<TensorChannel> three = connected(3);
        FutureTask<TensorLease> waiting = start(() -> three.get(0).receive(1, key(1, 0), LONG));

        three.get(2).close();

        assertThatThrownBy(waiting::get)
                .as("a wait for rank 1 ends when rank 2 is lost")
                .hasCauseInstanceOf(ChannelException.PeerLost.class);
        assertThatThrownBy(() -> three.get(0).send(1, key(1, 1), bytes(8, 0)))
                .isInstanceOf(ChannelException.PeerLost.class);
        assertThat(edgesDown).contains(2).doesNotHaveDuplicates();
    }

    @Test
    void closingEndsTheOwnWaitAndTellsNobodyHere() throws Exception {
        TensorChannel receiver = connectedPair().get(1);
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<TensorLease> waiting = start(() -> {
            begun.countDown();
            return receiver.receive(0, key(1, 0), LONG);
        });
        begun.await();

        receiver.close();

        assertThatThrownBy(waiting::get).hasCauseInstanceOf(ChannelException.Closed.class);
    }

    @Test
    void waitsForAPeerThatHasNotPreparedYet() throws Exception {
        transports.add(newTransport(0));
        transports.add(newTransport(1));
        TensorChannel early = open(0, 2, 7, "a");
        FutureTask<Boolean> connecting = start(() -> {
            early.connect(LONG);
            return true;
        });
        open(1, 2, 6, "older");
        assertThatThrownBy(() -> connecting.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

        channels.getLast().close();
        open(1, 2, 7, "a");

        assertThat(connecting.get()).isTrue();
    }

    @Test
    void isRefusedByAPeerOfALaterAttemptOrAnotherDigest() throws Exception {
        transports.add(newTransport(0));
        transports.add(newTransport(1));
        open(1, 2, 7, "a");

        assertThatThrownBy(() -> open(0, 2, 6, "a").connect(LONG)).isInstanceOf(ChannelException.PeerLost.class);
        assertThatThrownBy(() -> open(0, 2, 7, "b").connect(LONG)).isInstanceOf(ChannelException.PeerLost.class);
    }

    @Test
    void givesUpOnAPeerThatNeverPrepares() throws Exception {
        transports.add(newTransport(0));
        transports.add(newTransport(1));
        TensorChannel alone = open(0, 2, 7, "a");

        assertThatThrownBy(() -> alone.connect(SHORT)).isInstanceOf(ChannelException.TimedOut.class);
    }

    /// Two that are connected with each other.
    protected final List<TensorChannel> connectedPair() throws Exception {
        return connected(2);
    }

    /// The peers that rank 0 has lost.
    protected final Collection<Integer> edgesDown() {
        return edgesDown;
    }

    /// Everyone connected with everyone, all ready.
    private List<TensorChannel> connected(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            transports.add(newTransport(i));
        }
        List<TensorChannel> opened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            opened.add(open(i, count, 1, "digest"));
        }
        List<FutureTask<Boolean>> connecting = new ArrayList<>();
        for (TensorChannel channel : opened) {
            connecting.add(start(() -> {
                channel.connect(LONG);
                return true;
            }));
        }
        for (FutureTask<Boolean> one : connecting) {
            one.get();
        }
        return opened;
    }

    private TensorChannel open(int rank, int count, int attempt, String digest) {
        TreeMap<Integer, PeerAddress> peers = new TreeMap<>();
        TreeMap<Integer, Integer> credits = new TreeMap<>();
        for (int peer = 0; peer < count; peer++) {
            if (peer != rank) {
                peers.put(peer, new PeerAddress(transports.get(peer).address(), identity(peer)));
                credits.put(peer, CREDITS);
            }
        }
        TensorChannel channel = transports
                .get(rank)
                .open(
                        new ChannelSpec(
                                new Fence("job", attempt, digest), rank, peers, new TreeSet<>(peers.keySet()), credits),
                        (peer, _) -> {
                            if (rank == 0) {
                                edgesDown.add(peer);
                            }
                        });
        channels.add(channel);
        return channel;
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    private static ByteBuffer received(TensorChannel from, TensorKey key) throws Exception {
        try (TensorLease lease = from.receive(0, key, LONG)) {
            ByteBuffer copy = ByteBuffer.allocate(lease.buffer().remaining());
            copy.put(lease.buffer().duplicate()).flip();
            return copy;
        }
    }

    private static TensorKey key(int step, int microBatch) {
        return new TensorKey(step, Kind.ACTIVATION, 1, microBatch);
    }

    private static ByteBuffer bytes(int count, int seed) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.put(i, (byte) (i * 31 + seed));
        }
        return bytes;
    }
}
