package dev.pipelinejob.worker.supervisor;

import com.google.protobuf.ByteString;
import dev.pipelinejob.protocol.control.ControlGrpc;
import dev.pipelinejob.protocol.control.EnrolRequest;
import dev.pipelinejob.protocol.control.EnrolResponse;
import dev.pipelinejob.protocol.control.EnrolmentGrpc;
import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.identity.IdentityCredentials;
import dev.pipelinejob.protocol.identity.MutualTls;
import dev.pipelinejob.protocol.identity.SpiffeId;
import dev.pipelinejob.worker.config.SupervisorConfig;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the stream to the operator up: enrols, opens a session, and does so again whenever it ends. Runs on a thread
/// of its own and tells the supervisor by events.
final class OperatorLink implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorLink.class);
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1000;
    private static final long ENROLMENT_SECONDS = 10;
    private static final long KEEPALIVE_SECONDS = 10;
    private static final int MAXIMUM_MESSAGE_BYTES = 256 << 20;

    private final SupervisorConfig config;
    private final Clock clock;
    private final Consumer<SupervisorEvent> events;
    private @Nullable MutualTls tls;
    private int sessions;
    private volatile boolean answered;

    OperatorLink(SupervisorConfig config, Clock clock, Consumer<SupervisorEvent> events) {
        this.config = config;
        this.clock = clock;
        this.events = events;
    }

    @Override
    public void run() {
        long pauseMillis = FIRST_PAUSE_MILLIS;
        while (!Thread.currentThread().isInterrupted()) {
            answered = false;
            try {
                String address = address();
                MutualTls own = enrolled(address);
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

    /// Credentials that are good for a while; new ones when more than half of their time is over.
    private MutualTls enrolled(String address) throws IOException, InterruptedException {
        MutualTls known = tls;
        if (known != null && !isHalfOver(known.credentials().chain().getFirst())) {
            return known;
        }
        CertificateRequest request = CertificateRequest.fresh();
        ChannelCredentials credentials =
                MutualTls.enrolmentChannel(certificates(config.trustFile()), OperatorLink::isOperator);
        ManagedChannel channel = Grpc.newChannelBuilder(address, credentials).build();
        EnrolResponse answer;
        try {
            answer = EnrolmentGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ENROLMENT_SECONDS, TimeUnit.SECONDS)
                    .enrol(EnrolRequest.newBuilder()
                            .setCertificateRequest(ByteString.copyFrom(request.der()))
                            .setToken(Files.readString(config.tokenFile()).strip())
                            .build());
        } finally {
            channel.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
        }
        IdentityCredentials signed = new IdentityCredentials(
                request.keys().getPrivate(),
                IdentityCredentials.certificates(bytes(answer.getCertificateChainList())),
                IdentityCredentials.certificates(bytes(answer.getTrustBundleList())));
        LOG.atInfo().addKeyValue("identity", signed.identity()).log("The operator signed for this worker.");
        if (known == null) {
            known = new MutualTls(signed);
            tls = known;
        } else {
            known.renew(signed);
        }
        events.accept(new SupervisorEvent.Enrolled(signed));
        return known;
    }

    private boolean isHalfOver(X509Certificate certificate) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant to = certificate.getNotAfter().toInstant();
        return clock.instant().isAfter(from.plusMillis((to.toEpochMilli() - from.toEpochMilli()) / 2));
    }

    private static boolean isOperator(SpiffeId peer) {
        return peer instanceof SpiffeId.Operator;
    }

    private static List<byte[]> bytes(List<ByteString> encoded) {
        return encoded.stream().map(ByteString::toByteArray).toList();
    }

    private static List<X509Certificate> certificates(Path file) throws IOException {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new IllegalArgumentException("The file " + file + " holds no certificates.", e);
        }
    }

    /// One session, from its opening to its end.
    private void serve(String address, MutualTls own) throws InterruptedException {
        ManagedChannel channel = ((NettyChannelBuilder)
                        Grpc.newChannelBuilder(address, own.channel(OperatorLink::isOperator)))
                .disableRetry()
                .maxInboundMessageSize(MAXIMUM_MESSAGE_BYTES)
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .build();
        try {
            int number = ++sessions;
            Session session = new Session(number);
            StreamObserver<WorkerMessage> out = ControlGrpc.newStub(channel).session(session);
            events.accept(new SupervisorEvent.SessionOpened(number, out::onNext));
            session.ended.await();
        } finally {
            channel.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
        }
    }

    private final class Session implements StreamObserver<OperatorMessage> {
        private final int number;
        private final CountDownLatch ended = new CountDownLatch(1);

        Session(int number) {
            this.number = number;
        }

        @Override
        public void onNext(OperatorMessage message) {
            answered = true;
            events.accept(new SupervisorEvent.OperatorSaid(message));
        }

        @Override
        public void onError(Throwable error) {
            end(Status.fromThrowable(error).toString());
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
