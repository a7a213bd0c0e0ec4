package dev.pipelinejob.worker.supervisor;

import com.google.protobuf.ByteString;
import dev.pipelinejob.protocol.control.ControlGrpc;
import dev.pipelinejob.protocol.control.EnrolRequest;
import dev.pipelinejob.protocol.control.EnrolResponse;
import dev.pipelinejob.protocol.control.EnrolmentGrpc;
import dev.pipelinejob.protocol.control.IssuedCertificate;
import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.control.RenewCertificate;
import dev.pipelinejob.protocol.control.TrustBundle;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.identity.IdentityCredentials;
import dev.pipelinejob.protocol.identity.MutualTls;
import dev.pipelinejob.protocol.identity.SpiffeId;
import dev.pipelinejob.protocol.identity.TestAuthority;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/// Enrolment and control as an operator serves them, with the test deciding what it says.
final class TestOperator implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final TestAuthority authority;
    private final SpiffeId.Worker worker;
    private final ConcurrentLinkedQueue<WorkerMessage> heard = new ConcurrentLinkedQueue<>();
    private final Server server;
    private final AtomicInteger enrolments = new AtomicInteger();
    private volatile @Nullable StreamObserver<OperatorMessage> session;
    private volatile @Nullable Status refusal;

    TestOperator(TestAuthority authority, SpiffeId.Worker worker) throws IOException {
        this.authority = authority;
        this.worker = worker;
        this.server = NettyServerBuilder.forPort(
                        0, new MutualTls(authority.issue(new SpiffeId.Operator())).enrolmentServer(worker::equals))
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .addService(new Enrolling())
                .addService(new Controlling())
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    void say(OperatorMessage.Builder message) {
        StreamObserver<OperatorMessage> open = session;
        if (open == null) {
            throw new IllegalStateException("No worker is connected.");
        }
        open.onNext(message.build());
    }

    WorkerMessage await(String what, Predicate<WorkerMessage> wanted) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadlineNanos) {
            for (WorkerMessage message : heard) {
                if (wanted.test(message)) {
                    return message;
                }
            }
            Thread.sleep(5);
        }
        throw new AssertionError("The worker never said " + what + ", but " + heard);
    }

    /// How many workers showed a token.
    int enrolments() {
        return enrolments.get();
    }

    /// Ends the session, and answers every further one in this way.
    void refuse(Status status) {
        refusal = status;
        StreamObserver<OperatorMessage> open = session;
        if (open != null) {
            open.onError(Status.ABORTED.asRuntimeException());
        }
    }

    void forget() {
        heard.clear();
    }

    private final class Enrolling extends EnrolmentGrpc.EnrolmentImplBase {
        @Override
        public void enrol(EnrolRequest request, StreamObserver<EnrolResponse> answer) {
            enrolments.incrementAndGet();
            try {
                answer.onNext(EnrolResponse.newBuilder()
                        .addCertificateChain(signed(request.getCertificateRequest(), Duration.ofHours(1)))
                        .addTrustBundle(der(authority.certificate()))
                        .setIdentity(worker.uri())
                        .build());
                answer.onCompleted();
            } catch (IOException | GeneralSecurityException e) {
                answer.onError(e);
            }
        }
    }

    private ByteString signed(ByteString request, Duration validity) throws IOException, GeneralSecurityException {
        JcaPKCS10CertificationRequest asked = new JcaPKCS10CertificationRequest(request.toByteArray());
        return der(authority.sign(new KeyPair(asked.getPublicKey(), null), worker.uri(), validity));
    }

    private static ByteString der(X509Certificate certificate) {
        return ByteString.copyFrom(IdentityCredentials.der(List.of(certificate)).getFirst());
    }

    /// Renews for so long that it is not needed again.
    private void renew(RenewCertificate request) {
        try {
            say(OperatorMessage.newBuilder()
                    .setIssuedCertificate(IssuedCertificate.newBuilder()
                            .addCertificateChain(signed(request.getCertificateRequest(), Duration.ofHours(10)))
                            .setTrustBundle(TrustBundle.newBuilder().addCertificates(der(authority.certificate())))));
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private final class Controlling extends ControlGrpc.ControlImplBase {
        @Override
        public StreamObserver<WorkerMessage> session(StreamObserver<OperatorMessage> answers) {
            Status refused = refusal;
            session = refused == null ? answers : null;
            return new StreamObserver<>() {
                @Override
                public void onNext(WorkerMessage message) {
                    if (refused != null) {
                        answers.onError(refused.asRuntimeException());
                        return;
                    }
                    if (message.hasRenewCertificate()) {
                        renew(message.getRenewCertificate());
                    }
                    heard.add(message);
                }

                @Override
                public void onError(Throwable error) {}

                @Override
                public void onCompleted() {}
            };
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
