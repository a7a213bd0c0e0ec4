package dev.pipelinejob.protocol.identity;

import io.grpc.Attributes;
import io.grpc.Grpc;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Who is at the other end of a call.
public final class PeerIdentity {
    private PeerIdentity() {}

    /// The identity that the peer proved in the handshake, or null when it showed no certificate.
    ///
    /// @param attributes of the server's call: `ServerCall.getAttributes()`
    public static @Nullable SpiffeId of(Attributes attributes) {
        SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session == null) {
            return null;
        }
        try {
            return SpiffeId.of((X509Certificate) session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException _) {
            return null;
        }
    }
}
