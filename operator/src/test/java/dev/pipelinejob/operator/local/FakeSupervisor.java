package dev.pipelinejob.operator.local;

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
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// A supervisor that speaks the real protocol over real mutual TLS but computes nothing, so that the driver is tested
/// with real processes and without an engine. Its command line and environment are those of the real one.
public final class FakeSupervisor {
    private static final Duration RECONNECT = Duration.ofMillis(100);
    private static final int MAX_RECONNECTS = 300;

    private final FakeTraining training;

    private FakeSupervisor() {
        this.training = new FakeTraining(
                environment("PIPELINEJOB_JOB_UID"),
                Integer.parseInt(environment("PIPELINEJOB_SLOT")),
                Integer.parseInt(environment("PIPELINEJOB_INCARNATION")));
    }

    private static String environment(String name) {
        return Objects.requireNonNull(System.getenv(name), name);
    }

    /// Runs until it is shut down, or its operator stays away for too long.
    public static void main(String[] arguments) throws Exception {
        FakeSupervisor supervisor = new FakeSupervisor();
        MutualTls tls = new MutualTls(enrol());
        for (int attempt = 0; attempt < MAX_RECONNECTS; attempt++) {
            supervisor.session(tls);
            Thread.sleep(RECONNECT);
        }
        System.exit(3);
    }

    private static IdentityCredentials enrol() throws Exception {
        List<X509Certificate> trust = trust();
        KeyPairGenerator generator = KeyPairGenerator.getInstance(IdentityCredentials.KEY_ALGORITHM);
        generator.initialize(new ECGenParameterSpec(IdentityCredentials.CURVE));
        KeyPair keys = generator.generateKeyPair();
        byte[] request = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=worker"), keys.getPublic())
                .build(new JcaContentSignerBuilder(IdentityCredentials.SIGNATURE_ALGORITHM).build(keys.getPrivate()))
                .getEncoded();
        ManagedChannel channel = channel(MutualTls.enrolmentChannel(trust, peer -> peer instanceof SpiffeId.Operator));
        try {
            EnrolResponse response = EnrolmentGrpc.newBlockingStub(channel)
                    .enrol(EnrolRequest.newBuilder()
                            .setCertificateRequest(ByteString.copyFrom(request))
                            .setToken(Files.readString(Path.of(environment("PIPELINEJOB_TOKEN_FILE"))))
                            .build());
            return new IdentityCredentials(
                    keys.getPrivate(),
                    certificates(response.getCertificateChainList()),
                    certificates(response.getTrustBundleList()));
        } finally {
            channel.shutdownNow();
        }
    }

    private static List<X509Certificate> trust() throws Exception {
        String bundle = System.getenv("PIPELINEJOB_TRUST_BUNDLE");
        if (bundle == null) {
            return IdentityCredentials.certificates(
                    List.of(Files.readAllBytes(Path.of(environment("PIPELINEJOB_TRUST_FILE")))));
        }
        List<X509Certificate> trust = new ArrayList<>();
        for (Certificate each : CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(bundle.getBytes(StandardCharsets.US_ASCII)))) {
            trust.add((X509Certificate) each);
        }
        return trust;
    }

    private static List<X509Certificate> certificates(List<ByteString> der) {
        return IdentityCredentials.certificates(
                der.stream().map(ByteString::toByteArray).toList());
    }

    private static ManagedChannel channel(ChannelCredentials credentials) throws IOException {
        String given = System.getenv("PIPELINEJOB_OPERATOR_ADDRESS");
        String address =
                given != null ? given : Files.readString(Path.of(environment("PIPELINEJOB_OPERATOR_ADDRESS_FILE")));
        return Grpc.newChannelBuilder(address, credentials).build();
    }

    /// One control stream, until it ends.
    private void session(MutualTls tls) throws InterruptedException, IOException {
        ManagedChannel channel = channel(tls.channel(peer -> peer instanceof SpiffeId.Operator));
        CountDownLatch ended = new CountDownLatch(1);
        try {
            StreamObserver<WorkerMessage> out = ControlGrpc.newStub(channel).session(new StreamObserver<>() {
                @Override
                public void onNext(OperatorMessage message) {
                    training.obey(message);
                }

                @Override
                public void onError(Throwable error) {
                    ended.countDown();
                }

                @Override
                public void onCompleted() {
                    ended.countDown();
                }
            });
            training.connect(out);
            ended.await();
        } finally {
            training.disconnect();
            channel.shutdownNow();
        }
    }
}
