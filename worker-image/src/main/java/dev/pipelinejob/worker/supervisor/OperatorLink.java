package dev.pipelinejob.worker.supervisor;

import dev.pipelinejob.protocol.control.Alive;
import dev.pipelinejob.protocol.control.ControlGrpc;
import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.control.RenewCertificate;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.identity.MutualTls;
import dev.pipelinejob.worker.config.SupervisorConfig;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the stream to the operator up: enrols, opens a session, and does so again whenever it ends. What concerns this
/// worker's identity is settled here; all else goes to the supervisor as events. Runs on a thread of its own.
final class OperatorLink implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorLink.class);
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1000;
    private static final long KEEPALIVE_SECONDS = 10;
    private static final long ALIVE_SECONDS = 2;
    /// Signs of life in a row that an operator may leave unanswered.
    private static final int MAX_UNANSWERED = 3;
    private static final WorkerMessage ALIVE =
            WorkerMessage.newBuilder().setAlive(Alive.getDefaultInstance()).build();
    private static final int MAXIMUM_MESSAGE_BYTES = 256 << 20;

    private final SupervisorConfig config;
    private final Consumer<SupervisorEvent> events;
    private final WorkerIdentity identity;
    private int sessions;
    private volatile boolean answered;

    OperatorLink(SupervisorConfig config, Clock clock, Consumer<SupervisorEvent> events) {
        this.config = config;
        this.events = events;
        this.identity = new WorkerIdentity(
                config.tokenFile(),
                config.trust(),
                clock,
                credentials -> events.accept(new SupervisorEvent.Enrolled(credentials)));
    }

    @Override
    public void run() {
        long pauseMillis = FIRST_PAUSE_MILLIS;
        while (!Thread.currentThread().isInterrupted()) {
            answered = false;
            try {
                String address = address();
                MutualTls own = identity.enrolled(address);
                serve(address, own);
            } catch (StatusRuntimeException | IOException | IllegalArgumentException e) {
                LOG.atWarn().addKeyValue("detail", e.getMessage()).log("The operator cannot be reached now.");
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
            pauseMillis = answered ? FIRST_PAUSE_MILLIS : Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
            try {
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private String address() throws IOException {
        return config.operatorAddress().isPresent()
                ? config.operatorAddress().get()
                : Files.readString(config.operatorAddressFile().orElseThrow()).strip();
    }

    /// One session, from its opening to its end.
    private void serve(String address, MutualTls own) throws InterruptedException {
        ManagedChannel channel = ((NettyChannelBuilder)
                        Grpc.newChannelBuilder(address, own.channel(WorkerIdentity::isOperator)))
                .disableRetry()
                .maxInboundMessageSize(MAXIMUM_MESSAGE_BYTES)
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .build();
        try {
            int number = ++sessions;
            Session session = new Session(number);
            Outgoing out = new Outgoing(ControlGrpc.newStub(channel).session(session));
            events.accept(new SupervisorEvent.SessionOpened(number, out::send));
            while (!session.ended.await(ALIVE_SECONDS, TimeUnit.SECONDS)) {
                if (session.unanswered.get() > MAX_UNANSWERED) {
                    LOG.atWarn().log("The operator answers no more: it is called anew.");
                    return;
                }
                stayInTouch(session, out);
            }
        } finally {
            channel.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
        }
    }

    private void stayInTouch(Session session, Outgoing out) {
        if (!answered) {
            return;
        }
        RenewCertificate request = identity.renewal();
        try {
            if (request != null) {
                out.send(WorkerMessage.newBuilder().setRenewCertificate(request).build());
            }
            out.send(ALIVE);
            session.saidAlive();
        } catch (IllegalStateException e) {
            // The stream ended just now; the next one asks again.
            LOG.atDebug().setCause(e).log("A message met a closed stream.");
        }
    }

    /// The stream takes one message at a time; the supervisor and this link both write to it.
    private record Outgoing(StreamObserver<WorkerMessage> stream) {
        synchronized void send(WorkerMessage message) {
            stream.onNext(message);
        }
    }

    private final class Session implements StreamObserver<OperatorMessage> {
        private final int number;
        private final CountDownLatch ended = new CountDownLatch(1);
        private final AtomicInteger unanswered = new AtomicInteger();
        private volatile boolean answersAlive;

        Session(int number) {
            this.number = number;
        }

        /// Counted only with an operator that has answered one: an older one does not know of it.
        void saidAlive() {
            if (answersAlive) {
                int _ = unanswered.incrementAndGet();
            }
        }

        @Override
        public void onNext(OperatorMessage message) {
            answered = true;
            unanswered.set(0);
            switch (message.getBodyCase()) {
                case ALIVE -> answersAlive = true;
                case ISSUED_CERTIFICATE -> identity.accept(message.getIssuedCertificate());
                case TRUST_BUNDLE -> identity.trust(message.getTrustBundle());
                default -> events.accept(new SupervisorEvent.OperatorSaid(message));
            }
        }

        @Override
        public void onError(Throwable error) {
            Status status = Status.fromThrowable(error);
            if (status.getCode() == Status.Code.FAILED_PRECONDITION) {
                events.accept(new SupervisorEvent.Superseded(String.valueOf(status.getDescription())));
            }
            end(status.toString());
        }

        @Override
        public void onCompleted() {
            end("the operator ended it");
        }

        private void end(String reason) {
            events.accept(new SupervisorEvent.SessionClosed(number, reason));
            ended.countDown();
        }
    }
}
