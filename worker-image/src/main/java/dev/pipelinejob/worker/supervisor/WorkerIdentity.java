package dev.pipelinejob.worker.supervisor;

import com.google.protobuf.ByteString;
import dev.pipelinejob.protocol.control.EnrolRequest;
import dev.pipelinejob.protocol.control.EnrolResponse;
import dev.pipelinejob.protocol.control.EnrolmentGrpc;
import dev.pipelinejob.protocol.control.IssuedCertificate;
import dev.pipelinejob.protocol.control.RenewCertificate;
import dev.pipelinejob.protocol.control.TrustBundle;
import dev.pipelinejob.protocol.identity.IdentityCredentials;
import dev.pipelinejob.protocol.identity.MutualTls;
import dev.pipelinejob.protocol.identity.SpiffeId;
import dev.pipelinejob.worker.config.OperatorTrust;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this worker proves itself with: by its token at first, then renewed on the control stream long before it ends.
/// Handshakes that begin after a renewal use the new credentials; connections that stand stay up.
final class WorkerIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerIdentity.class);
    private static final long ENROLMENT_SECONDS = 10;
    /// Without an answer the same request is made again after this.
    private static final Duration ASK_AGAIN = Duration.ofMinutes(1);
    /// On the stream a certificate is renewed after two thirds of its time, at a new connection after half of it.
    private static final double RENEWAL_PART = 2.0 / 3;

    private static final double ENROLMENT_PART = 0.5;

    private final Path tokenFile;
    private final OperatorTrust trust;
    private final Clock clock;
    private final Consumer<IdentityCredentials> onChange;
    private @Nullable MutualTls tls;
    private @Nullable CertificateRequest asked;
    private Instant askedAt = Instant.EPOCH;

    /// @param tokenFile read at each enrolment, because the token in it is renewed by whoever put it there
    /// @param trust whom to trust before anybody said otherwise
    /// @param onChange gets every new set of credentials
    WorkerIdentity(Path tokenFile, OperatorTrust trust, Clock clock, Consumer<IdentityCredentials> onChange) {
        this.tokenFile = tokenFile;
        this.trust = trust;
        this.clock = clock;
        this.onChange = onChange;
    }

    /// Credentials that are good for a while; new ones by the token when half of their time is over.
    synchronized MutualTls enrolled(String address) throws IOException, InterruptedException {
        MutualTls known = tls;
        if (known != null && !isOver(known.credentials().chain().getFirst(), ENROLMENT_PART)) {
            return known;
        }
        CertificateRequest request = CertificateRequest.fresh();
        List<X509Certificate> trusted =
                known == null ? trust.certificates() : known.credentials().trustBundle();
        ChannelCredentials credentials = MutualTls.enrolmentChannel(trusted, WorkerIdentity::isOperator);
        ManagedChannel channel = Grpc.newChannelBuilder(address, credentials).build();
        EnrolResponse answer;
        try {
            answer = EnrolmentGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ENROLMENT_SECONDS, TimeUnit.SECONDS)
                    .enrol(EnrolRequest.newBuilder()
                            .setCertificateRequest(ByteString.copyFrom(request.der()))
                            .setToken(Files.readString(tokenFile).strip())
                            .build());
        } finally {
            channel.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
        }
        return use(new IdentityCredentials(
                request.keys().getPrivate(),
                certificates(answer.getCertificateChainList()),
                certificates(answer.getTrustBundleList())));
    }

    /// What to ask for on the stream now; null while the present certificate will do, or was asked for just now.
    synchronized @Nullable RenewCertificate renewal() {
        MutualTls known = tls;
        Instant now = clock.instant();
        if (known == null
                || !isOver(known.credentials().chain().getFirst(), RENEWAL_PART)
                || now.isBefore(askedAt.plus(ASK_AGAIN))) {
            return null;
        }
        CertificateRequest request = CertificateRequest.fresh();
        asked = request;
        askedAt = now;
        return RenewCertificate.newBuilder()
                .setCertificateRequest(ByteString.copyFrom(request.der()))
                .build();
    }

    /// Uses what was asked for.
    synchronized void accept(IssuedCertificate issued) {
        CertificateRequest request = asked;
        if (request == null) {
            LOG.warn("The operator signed a certificate that was not asked for.");
            return;
        }
        asked = null;
        use(new IdentityCredentials(
                request.keys().getPrivate(),
                certificates(issued.getCertificateChainList()),
                certificates(issued.getTrustBundle().getCertificatesList())));
    }

    /// Trusts these and no others from now on, with the same key and certificate.
    synchronized void trust(TrustBundle bundle) {
        MutualTls known = tls;
        if (known == null) {
            return;
        }
        IdentityCredentials old = known.credentials();
        List<X509Certificate> trusted = certificates(bundle.getCertificatesList());
        if (!trusted.isEmpty() && !trusted.equals(old.trustBundle())) {
            use(new IdentityCredentials(old.privateKey(), old.chain(), trusted));
        }
    }

    private MutualTls use(IdentityCredentials credentials) {
        LOG.atInfo()
                .addKeyValue("identity", credentials.identity())
                .addKeyValue(
                        "until", credentials.chain().getFirst().getNotAfter().toInstant())
                .addKeyValue("trusted", credentials.trustBundle().size())
                .log("This worker has new credentials.");
        MutualTls known = tls;
        if (known == null) {
            known = new MutualTls(credentials);
            tls = known;
        } else {
            known.renew(credentials);
        }
        onChange.accept(credentials);
        return known;
    }

    private boolean isOver(X509Certificate certificate, double part) {
        Instant from = certificate.getNotBefore().toInstant();
        Duration life = Duration.between(from, certificate.getNotAfter().toInstant());
        return clock.instant().isAfter(from.plusMillis(Math.round(life.toMillis() * part)));
    }

    static boolean isOperator(SpiffeId peer) {
        return peer instanceof SpiffeId.Operator;
    }

    private static List<X509Certificate> certificates(List<ByteString> encoded) {
        return IdentityCredentials.certificates(
                encoded.stream().map(ByteString::toByteArray).toList());
    }
}
