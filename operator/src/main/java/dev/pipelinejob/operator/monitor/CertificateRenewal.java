package dev.pipelinejob.operator.monitor;

import com.google.protobuf.ByteString;
import dev.pipelinejob.operator.identity.CertificateAuthority;
import dev.pipelinejob.operator.identity.SigningOutcome;
import dev.pipelinejob.protocol.control.IssuedCertificate;
import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.control.RenewCertificate;
import dev.pipelinejob.protocol.control.TrustBundle;
import dev.pipelinejob.protocol.identity.IdentityCredentials;
import dev.pipelinejob.protocol.identity.SpiffeId;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Renews certificates on the control stream: who has the stream has proved who it is.
///
/// @param authority the one that signs now
/// @param validity how long a certificate holds
record CertificateRenewal(Supplier<CertificateAuthority> authority, Duration validity) {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateRenewal.class);

    /// Whom everybody is to trust now.
    OperatorMessage trustBundle() {
        return trustBundle(authority.get());
    }

    static OperatorMessage trustBundle(CertificateAuthority authority) {
        return OperatorMessage.newBuilder().setTrustBundle(bundle(authority)).build();
    }

    private static TrustBundle bundle(CertificateAuthority authority) {
        return TrustBundle.newBuilder()
                .addAllCertificates(bytes(authority.trustBundle()))
                .build();
    }

    /// The answer to a request, or null when it cannot be granted; the worker asks again.
    @Nullable
    OperatorMessage answer(RenewCertificate request, SpiffeId.Worker worker) {
        CertificateAuthority signer = authority.get();
        return switch (signer.sign(request.getCertificateRequest().toByteArray(), worker, validity)) {
            case SigningOutcome.Refused refused -> {
                LOG.warn("A certificate of {} was not renewed: {}", worker, refused.reason());
                yield null;
            }
            case SigningOutcome.Signed signed ->
                OperatorMessage.newBuilder()
                        .setIssuedCertificate(IssuedCertificate.newBuilder()
                                .addAllCertificateChain(bytes(signed.chain()))
                                .setTrustBundle(bundle(signer)))
                        .build();
        };
    }

    private static List<ByteString> bytes(List<X509Certificate> certificates) {
        return IdentityCredentials.der(certificates).stream()
                .map(ByteString::copyFrom)
                .toList();
    }
}
