package dev.pipelinejob.worker;

import dev.pipelinejob.protocol.identity.MutualTls;
import dev.pipelinejob.worker.engine.EngineSpec;
import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec;
import dev.pipelinejob.worker.engine.EngineSpec.OptimizerSpec;
import dev.pipelinejob.worker.engine.EngineSpec.StageLayers;
import dev.pipelinejob.worker.engine.Input;
import dev.pipelinejob.worker.engine.StageEngine;
import dev.pipelinejob.worker.engine.StepNumbers;
import dev.pipelinejob.worker.engine.WorkKey;
import dev.pipelinejob.worker.transport.ChannelException;
import dev.pipelinejob.worker.transport.ChannelSpec;
import dev.pipelinejob.worker.transport.ChannelSpec.Fence;
import dev.pipelinejob.worker.transport.ChannelSpec.PeerAddress;
import dev.pipelinejob.worker.transport.TensorChannel;
import dev.pipelinejob.worker.transport.TensorKey;
import dev.pipelinejob.worker.transport.TensorKey.Kind;
import dev.pipelinejob.worker.transport.TensorLease;
import dev.pipelinejob.worker.transport.grpc.GrpcTransport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Uses everything once that is slow the first time, so that a standby takes over quickly: native libraries, a small
/// model's compilation and step, and a TLS stream from this process to itself.
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final int CONTEXT = 16;
    private static final int ROUNDS = 3;
    private static final int MESSAGE_BYTES = 1 << 20;
    private static final int MESSAGES = 8;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private WarmUp() {}

    /// A failure here is logged and nothing else: the standby may still work.
    static void exercise(StageEngine engine, MutualTls tls, String host) {
        long startNanos = System.nanoTime();
        train(engine);
        try (GrpcTransport sender = GrpcTransport.listen(tls, host);
                GrpcTransport receiver = GrpcTransport.listen(tls, host)) {
            stream(sender, receiver, tls.credentials().identity().uri());
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("The standby could not exercise its network.");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        LOG.atInfo()
                .addKeyValue("millis", (System.nanoTime() - startNanos) / 1_000_000)
                .log("The standby is warm.");
    }

    private static void train(StageEngine engine) {
        engine.init(new EngineSpec(
                new ModelSpec.Gpt(1, 16, 2, CONTEXT, 256, 0.1, true),
                new OptimizerSpec.AdamW(0.9, 0.999, 1e-8, 0.1),
                1,
                1,
                1,
                List.of(new StageLayers(0, 0, 3))));
        for (int step = 1; step <= ROUNDS; step++) {
            WorkKey key = new WorkKey(0, step, 0);
            ByteBuffer tokens =
                    ByteBuffer.allocateDirect(CONTEXT * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            engine.forward(key, new Input.Buffer(tokens), false);
            engine.loss(key, tokens);
            engine.backward(key, new Input.None(), 1);
            engine.drop(key);
            engine.gradientStatistics(0);
            engine.step(0, new StepNumbers(step, 1e-3, 0.5, false));
        }
    }

    private static void stream(GrpcTransport sender, GrpcTransport receiver, String identity)
            throws ChannelException, InterruptedException {
        Fence fence = new Fence("warm-up", 1, "warm-up");
        try (TensorChannel to = receiver.open(spec(fence, 1, 0, sender.address(), identity), (_, _) -> {});
                TensorChannel from = sender.open(spec(fence, 0, 1, receiver.address(), identity), (_, _) -> {})) {
            from.connect(LIMIT);
            ByteBuffer payload = ByteBuffer.allocateDirect(MESSAGE_BYTES);
            for (int i = 0; i < MESSAGES; i++) {
                TensorKey key = new TensorKey(1, Kind.ACTIVATION, 0, i);
                from.send(1, key, payload);
                try (TensorLease received = to.receive(0, key, LIMIT)) {
                    received.buffer();
                }
            }
        }
    }

    private static ChannelSpec spec(Fence fence, int rank, int peer, String address, String identity) {
        TreeMap<Integer, PeerAddress> peers = new TreeMap<>();
        peers.put(peer, new PeerAddress(address, identity));
        TreeSet<Integer> sendsTo = new TreeSet<>();
        TreeMap<Integer, Integer> credits = new TreeMap<>();
        if (rank == 0) {
            sendsTo.add(peer);
        } else {
            credits.put(peer, MESSAGES);
        }
        return new ChannelSpec(fence, rank, peers, sendsTo, credits);
    }
}
