package dev.pipelinejob.worker.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipelinejob.protocol.identity.MutualTls;
import dev.pipelinejob.protocol.identity.SpiffeId;
import dev.pipelinejob.protocol.identity.TestAuthority;
import dev.pipelinejob.protocol.tensor.StreamHandshake;
import dev.pipelinejob.worker.transport.BufferPool;
import dev.pipelinejob.worker.transport.ChannelException;
import dev.pipelinejob.worker.transport.ChannelSpec;
import dev.pipelinejob.worker.transport.ChannelSpec.Fence;
import dev.pipelinejob.worker.transport.ChannelSpec.PeerAddress;
import dev.pipelinejob.worker.transport.TensorChannel;
import dev.pipelinejob.worker.transport.TensorChannelContract;
import dev.pipelinejob.worker.transport.TensorKey;
import dev.pipelinejob.worker.transport.TensorKey.Kind;
import dev.pipelinejob.worker.transport.TensorTransport;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GrpcChannelIT extends TensorChannelContract {
    private static final long TRAVEL_MILLIS = 20;

    private final TestAuthority authority = new TestAuthority("ours");

    @Override
    protected TensorTransport newTransport(int index) throws IOException {
        return GrpcTransport.listen(new MutualTls(authority.issue(worker(index))), "127.0.0.1");
    }

    @Override
    protected String identity(int index) {
        return worker(index).uri();
    }

    private static SpiffeId.Worker worker(int index) {
        return new SpiffeId.Worker("team-a", "job", "p" + index);
    }

    @Test
    void aPeerThatSaysNoMoreThatItIsThereIsLostBeforeGrpcWouldNotice() throws Exception {
        List<TensorChannel> pair = connectedPair();
        GrpcChannel listener = (GrpcChannel) pair.getFirst();
        GrpcChannel speaker = (GrpcChannel) pair.getLast();
        for (int second = 0; second < 3 * OutgoingStream.QUIET_SECONDS; second++) {
            speaker.tick();
            Thread.sleep(TRAVEL_MILLIS);
            listener.tick();
        }
        assertThat(edgesDown()).as("while it speaks").isEmpty();

        // Faster than the peer's own clock, which says it once a second.
        for (int second = 0; second <= OutgoingStream.QUIET_SECONDS; second++) {
            listener.tick();
        }

        assertThat(edgesDown()).containsExactly(1);
        assertThatThrownBy(
                        () -> listener.send(1, new TensorKey(1, Kind.ACTIVATION, 1, 0), ByteBuffer.allocateDirect(8)))
                .isInstanceOf(ChannelException.PeerLost.class)
                .hasMessageContaining("it has said nothing for 8 s");
    }

    @Test
    void aFrameThatWasDamagedOnItsWayIsNotTaken() throws IOException {
        FrameMarshaller marshaller = new FrameMarshaller(new BufferPool());
        ByteBuffer payload = ByteBuffer.allocateDirect(100);
        TensorKey key = new TensorKey(3, Kind.GRADIENT, 2, 1);
        byte[] frame =
                marshaller.stream(new TensorFrame.Outgoing(5, key, payload)).readAllBytes();

        assertThat(marshaller.parse(new ByteArrayInputStream(frame)))
                .isInstanceOfSatisfying(TensorFrame.Incoming.class, in -> {
                    assertThat(in.attempt()).isEqualTo(5);
                    assertThat(in.key()).isEqualTo(key);
                });
        for (int at : new int[] {0, 4, 8, 12, 16, 20, 24, 28, 32, 63, FrameHeader.BYTES, frame.length - 1}) {
            byte[] damaged = frame.clone();
            damaged[at] ^= 0x40;
            assertThat(marshaller.parse(new ByteArrayInputStream(damaged)))
                    .as("bit flipped in byte " + at)
                    .isInstanceOf(TensorFrame.Damaged.class);
        }
        assertThat(marshaller.parse(new ByteArrayInputStream(frame, 0, frame.length - 1)))
                .isInstanceOf(TensorFrame.Damaged.class);
    }

    @Test
    void aRankIsOnlyWhoItsCertificateSays() {
        TreeMap<Integer, PeerAddress> peers = new TreeMap<>();
        peers.put(1, new PeerAddress("127.0.0.1:1", identity(1)));
        TreeMap<Integer, Integer> credits = new TreeMap<>();
        credits.put(1, 1);
        ChannelSpec open = new ChannelSpec(new Fence("job", 7, "a"), 0, peers, new TreeSet<>(), credits);
        StreamHandshake handshake = StreamHandshake.newBuilder()
                .setJobUid("job")
                .setAttempt(7)
                .setDigest("a")
                .setFromRank(1)
                .setToRank(0)
                .build();

        assertThat(Admission.decide(handshake, worker(1), open).getCode()).isEqualTo(Status.Code.OK);
        assertThat(Admission.decide(handshake, worker(2), open).getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(Admission.decide(handshake, null, open).getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(Admission.decide(handshake, worker(1), null).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(Admission.decide(handshake.toBuilder().setAttempt(8).build(), worker(1), open)
                        .getCode())
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(Admission.decide(handshake.toBuilder().setAttempt(6).build(), worker(1), open)
                        .getCode())
                .isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(Admission.decide(handshake.toBuilder().setToRank(2).build(), worker(1), open)
                        .getCode())
                .isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(Admission.decide(handshake.toBuilder().setFromRank(2).build(), worker(1), open)
                        .getCode())
                .isEqualTo(Status.Code.FAILED_PRECONDITION);
    }
}
