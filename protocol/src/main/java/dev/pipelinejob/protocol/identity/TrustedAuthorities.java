package dev.pipelinejob.protocol.identity;

import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Predicate;

/// The CAs that peers may be signed by. All connections of one side look here, so that a change is one change however
/// many there are, and nothing is left of those that ended.
final class TrustedAuthorities {
    private final AdvancedTlsX509TrustManager trusted;

    TrustedAuthorities(List<X509Certificate> trustBundle) {
        try {
            trusted = AdvancedTlsX509TrustManager.newBuilder()
                    .setVerification(Verification.CERTIFICATE_ONLY_VERIFICATION)
                    .build();
        } catch (CertificateException e) {
            throw new IllegalStateException("This JVM cannot verify X.509 chains.", e);
        }
        replace(trustBundle);
    }

    /// From the next handshake on these and no others.
    void replace(List<X509Certificate> trustBundle) {
        try {
            trusted.updateTrustCredentials(trustBundle.toArray(X509Certificate[]::new));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("The trust bundle of " + trustBundle.size() + " CAs cannot be used.", e);
        }
    }

    /// Lets in who is signed by them and `welcome`.
    PeerVerification and(Predicate<SpiffeId> welcome) {
        return new PeerVerification(trusted, welcome);
    }
}
