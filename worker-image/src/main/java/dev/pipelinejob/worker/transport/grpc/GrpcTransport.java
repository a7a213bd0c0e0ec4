package dev.pipelinejob.worker.transport.grpc;

import dev.pipelinejob.protocol.identity.MutualTls;
import dev.pipelinejob.protocol.identity.PeerIdentity;
import dev.pipelinejob.protocol.identity.SpiffeId;
import dev.pipelinejob.protocol.tensor.StreamHandshake;
import dev.pipelinejob.worker.transport.BufferPool;
import dev.pipelinejob.worker.transport.ChannelSpec;
import dev.pipelinejob.worker.transport.TensorChannel;
import dev.pipelinejob.worker.transport.TensorTransport;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The tensor server of one engine process, and its connections to others.
public final class GrpcTransport implements TensorTransport {
    static final int WINDOW_BYTES = 16 << 20;
    /// A receiver says so often that it is there; a neighbour that vanished with its machine is missed after
    /// {@link OutgoingStream#QUIET_SECONDS}, before the operator is about to call it lost.
    static final long ALIVE_SECONDS = 1;

    /// gRPC asks no more often, whatever it is told: this is for peers that are only listened to.
    static final long KEEPALIVE_SECONDS = 10;

    static final long KEEPALIVE_TIMEOUT_SECONDS = 8;

    private final BufferPool pool = new BufferPool();
    private final MethodDescriptor<TensorFrame, StreamHandshake> method = TensorMethod.descriptor(pool);
    private final AtomicReference<@Nullable GrpcChannel> current = new AtomicReference<>();
    private final MutualTls tls;
    private final SpiffeId.Worker self;
    private final String host;
    private final Server server;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("alive").factory());

    private GrpcTransport(MutualTls tls, String host) throws IOException {
        this.tls = tls;
        this.host = host;
        if (!(tls.credentials().identity() instanceof SpiffeId.Worker worker)) {
            throw new IllegalArgumentException(
                    "Only workers exchange tensors, not " + tls.credentials().identity() + ".");
        }
        this.self = worker;
        this.server = NettyServerBuilder.forAddress(new InetSocketAddress(host, 0), tls.server(this::isOfSameJob))
                .addService(ServerServiceDefinition.builder(TensorMethod.SERVICE)
                        .addMethod(method, this::accept)
                        .build())
                .directExecutor()
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(FrameMarshaller.MAXIMUM_FRAME_BYTES)
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .build()
                .start();
        // With a pause between, not at a rate: a stop of this process is one tick, and nobody's silence.
        var _ = ticker.scheduleWithFixedDelay(this::tick, ALIVE_SECONDS, ALIVE_SECONDS, TimeUnit.SECONDS);
    }

    private void tick() {
        GrpcChannel open = current.get();
        if (open != null) {
            open.tick();
        }
    }

    /// Binds a port that the system chooses.
    ///
    /// @param host address to bind to, which is also where peers find it
    /// @throws IOException when it cannot be bound
    public static GrpcTransport listen(MutualTls tls, String host) throws IOException {
        return new GrpcTransport(tls, host);
    }

    private boolean isOfSameJob(SpiffeId peer) {
        return peer instanceof SpiffeId.Worker worker && worker.sameJobAs(self);
    }

    @Override
    public String address() {
        return host + ":" + server.getPort();
    }

    @Override
    public TensorChannel open(ChannelSpec spec, EdgeListener listener) {
        GrpcChannel channel = new GrpcChannel(this, spec, listener);
        current.set(channel);
        return channel;
    }

    BufferPool pool() {
        return pool;
    }

    MethodDescriptor<TensorFrame, StreamHandshake> method() {
        return method;
    }

    /// A connection to a peer that must prove to be `identity`.
    ManagedChannel dial(String address, String identity) {
        return ((NettyChannelBuilder) Grpc.newChannelBuilder(
                        address, tls.channel(peer -> peer.uri().equals(identity))))
                .directExecutor()
                .disableRetry()
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(1 << 20)
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .build();
    }

    private ServerCall.Listener<TensorFrame> accept(ServerCall<TensorFrame, StreamHandshake> call, Metadata headers) {
        StreamHandshake handshake = TensorMethod.handshake(headers).orElse(StreamHandshake.getDefaultInstance());
        GrpcChannel open = current.get();
        Status verdict =
                Admission.decide(handshake, PeerIdentity.of(call.getAttributes()), open == null ? null : open.spec());
        if (!verdict.isOk() || open == null) {
            call.close(verdict, new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return open.accept(handshake.getFromRank(), call);
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        GrpcChannel open = current.get();
        if (open != null) {
            open.close();
        }
        server.shutdownNow();
    }
}
