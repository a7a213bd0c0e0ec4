package dev.pipelinejob.protocol.identity;

import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.SslSocketAndEnginePeerVerifier;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Checks a peer's chain against the trust bundle, then its identity; its address plays no part.
final class PeerVerification {
    private final AdvancedTlsX509TrustManager trustManager;

    PeerVerification(List<X509Certificate> trustBundle, Predicate<SpiffeId> welcome) {
        try {
            trustManager = AdvancedTlsX509TrustManager.newBuilder()
                    .setVerification(Verification.CERTIFICATE_ONLY_VERIFICATION)
                    .setSslSocketAndEnginePeerVerifier(new IdentityVerifier(welcome))
                    .build();
        } catch (CertificateException e) {
            throw new IllegalStateException("This JVM cannot verify X.509 chains.", e);
        }
        trust(trustBundle);
    }

    void trust(List<X509Certificate> trustBundle) {
        try {
            trustManager.updateTrustCredentials(trustBundle.toArray(X509Certificate[]::new));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("The trust bundle of " + trustBundle.size() + " CAs cannot be used.", e);
        }
    }

    X509ExtendedTrustManager trustManager() {
        return trustManager;
    }

    private record IdentityVerifier(Predicate<SpiffeId> welcome) implements SslSocketAndEnginePeerVerifier {
        @Override
        public void verifyPeerCertificate(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            verify(chain);
        }

        @Override
        public void verifyPeerCertificate(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            verify(chain);
        }

        private void verify(X509Certificate[] chain) throws CertificateException {
            SpiffeId peer;
            try {
                peer = SpiffeId.of(chain[0]);
            } catch (IllegalArgumentException e) {
                throw new CertificateException(e);
            }
            if (!welcome.test(peer)) {
                throw new CertificateException(peer + " is not welcome here.");
            }
        }
    }
}
