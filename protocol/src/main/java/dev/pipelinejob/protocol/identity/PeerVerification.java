package dev.pipelinejob.protocol.identity;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Checks a peer's chain against the authorities, then its identity; its address plays no part.
final class PeerVerification extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager authorities;
    private final Predicate<SpiffeId> welcome;

    /// @param authorities whom to trust, which others may change
    PeerVerification(X509ExtendedTrustManager authorities, Predicate<SpiffeId> welcome) {
        this.authorities = authorities;
        this.welcome = welcome;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        authorities.checkClientTrusted(chain, authType, engine);
        requireWelcome(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        authorities.checkServerTrusted(chain, authType, engine);
        requireWelcome(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        authorities.checkClientTrusted(chain, authType, socket);
        requireWelcome(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        authorities.checkServerTrusted(chain, authType, socket);
        requireWelcome(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        authorities.checkClientTrusted(chain, authType);
        requireWelcome(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        authorities.checkServerTrusted(chain, authType);
        requireWelcome(chain);
    }

    private void requireWelcome(X509Certificate[] chain) throws CertificateException {
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

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }
}
