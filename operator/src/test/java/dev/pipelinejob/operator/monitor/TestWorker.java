package dev.pipelinejob.operator.monitor;

import com.google.protobuf.ByteString;
import dev.pipelinejob.operator.identity.CertificateAuthority;
import dev.pipelinejob.operator.identity.CertificateRequests;
import dev.pipelinejob.operator.identity.SigningOutcome;
import dev.pipelinejob.protocol.control.ControlGrpc;
import dev.pipelinejob.protocol.control.EnrolRequest;
import dev.pipelinejob.protocol.control.EnrolResponse;
import dev.pipelinejob.protocol.control.EnrolmentGrpc;
import dev.pipelinejob.protocol.control.Hello;
import dev.pipelinejob.protocol.control.IssuedCertificate;
import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.control.RenewCertificate;
import dev.pipelinejob.protocol.control.TrustBundle;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.identity.IdentityCredentials;
import dev.pipelinejob.protocol.identity.MutualTls;
import dev.pipelinejob.protocol.identity.SpiffeId;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A worker's end of enrolment and control, one call at a time.
final class TestWorker implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final int port;
    private final MutualTls tls;
    private final BlockingQueue<OperatorMessage> heard = new LinkedBlockingQueue<>();
    private CompletableFuture<Status> end = new CompletableFuture<>();
    private @Nullable ManagedChannel channel;
    private @Nullable StreamObserver<WorkerMessage> out;

    private TestWorker(int port, IdentityCredentials credentials) {
        this.port = port;
        this.tls = new MutualTls(credentials);
    }

    static TestWorker enrol(int port, List<X509Certificate> trust, String token) throws Exception {
        KeyPair keys = CertificateRequests.keys();
        ManagedChannel channel = channel(port, MutualTls.enrolmentChannel(trust, TestWorker::isOperator));
        try {
            EnrolResponse answer = EnrolmentGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .enrol(EnrolRequest.newBuilder()
                            .setCertificateRequest(
                                    ByteString.copyFrom(CertificateRequests.request(keys, keys.getPrivate())))
                            .setToken(token)
                            .build());
            return new TestWorker(
                    port,
                    new IdentityCredentials(
                            keys.getPrivate(),
                            certificates(answer.getCertificateChainList()),
                            certificates(answer.getTrustBundleList())));
        } finally {
            channel.shutdownNow();
        }
    }

    /// A worker that has a certificate from elsewhere.
    static TestWorker signedBy(int port, CertificateAuthority authority, SpiffeId.Worker identity, Duration validity)
            throws Exception {
        KeyPair keys = CertificateRequests.keys();
        SigningOutcome outcome =
                authority.sign(CertificateRequests.request(keys, keys.getPrivate()), identity, validity);
        List<X509Certificate> chain = ((SigningOutcome.Signed) outcome).chain();
        return new TestWorker(port, new IdentityCredentials(keys.getPrivate(), chain, authority.trustBundle()));
    }

    static Status.Code openAnonymously(int port, List<X509Certificate> trust) throws Exception {
        ManagedChannel channel = channel(port, MutualTls.enrolmentChannel(trust, TestWorker::isOperator));
        CompletableFuture<Status> end = new CompletableFuture<>();
        try {
            StreamObserver<WorkerMessage> _ =
                    ControlGrpc.newStub(channel).session(into(new LinkedBlockingQueue<>(), end));
            return end.get(LIMIT.toSeconds(), TimeUnit.SECONDS).getCode();
        } finally {
            channel.shutdownNow();
        }
    }

    private static ManagedChannel channel(int port, ChannelCredentials credentials) {
        return Grpc.newChannelBuilder("127.0.0.1:" + port, credentials).build();
    }

    private static boolean isOperator(SpiffeId peer) {
        return peer instanceof SpiffeId.Operator;
    }

    private static List<X509Certificate> certificates(List<ByteString> der) {
        return IdentityCredentials.certificates(
                der.stream().map(ByteString::toByteArray).toList());
    }

    IdentityCredentials credentials() {
        return tls.credentials();
    }

    void open(@Nullable WorkerKey says) {
        WorkerKey worker = Objects.requireNonNull(says);
        ManagedChannel opened = channel(port, tls.channel(TestWorker::isOperator));
        channel = opened;
        end = new CompletableFuture<>();
        StreamObserver<WorkerMessage> stream = ControlGrpc.newStub(opened).session(into(heard, end));
        out = stream;
        stream.onNext(WorkerMessage.newBuilder()
                .setHello(Hello.newBuilder()
                        .setJobUid(worker.jobUid())
                        .setSlot(worker.slot())
                        .setIncarnation(worker.incarnation()))
                .build());
    }

    /// Breaks the connection and opens another, with a new handshake.
    void reopen(@Nullable WorkerKey says) {
        close();
        heard.clear();
        open(says);
    }

    private static StreamObserver<OperatorMessage> into(
            BlockingQueue<OperatorMessage> heard, CompletableFuture<Status> end) {
        return new StreamObserver<>() {
            @Override
            public void onNext(OperatorMessage message) {
                heard.add(message);
            }

            @Override
            public void onError(Throwable error) {
                end.complete(Status.fromThrowable(error));
            }

            @Override
            public void onCompleted() {
                end.complete(Status.OK);
            }
        };
    }

    /// The next thing that the operator says.
    OperatorMessage hear() throws InterruptedException {
        OperatorMessage message = heard.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("The operator said nothing within " + LIMIT.toSeconds() + " s; ended: " + end);
        }
        return message;
    }

    Status ended() throws Exception {
        try {
            return end.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("The session lives on.", e);
        }
    }

    /// Says something on the open session.
    void say(WorkerMessage.Builder message) {
        Objects.requireNonNull(out).onNext(message.build());
    }

    /// Asks for another certificate and uses it.
    void renew() throws Exception {
        KeyPair keys = CertificateRequests.keys();
        Objects.requireNonNull(out)
                .onNext(WorkerMessage.newBuilder()
                        .setRenewCertificate(RenewCertificate.newBuilder()
                                .setCertificateRequest(
                                        ByteString.copyFrom(CertificateRequests.request(keys, keys.getPrivate()))))
                        .build());
        IssuedCertificate issued = hear().getIssuedCertificate();
        tls.renew(new IdentityCredentials(
                keys.getPrivate(),
                certificates(issued.getCertificateChainList()),
                certificates(issued.getTrustBundle().getCertificatesList())));
    }

    void trust(TrustBundle bundle) {
        trust(certificates(bundle.getCertificatesList()));
    }

    void trust(List<X509Certificate> bundle) {
        IdentityCredentials old = tls.credentials();
        tls.renew(new IdentityCredentials(old.privateKey(), old.chain(), bundle));
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
    }
}
