package dev.pipelinejob.protocol.identity;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextServerCredentials;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.util.AdvancedTlsX509KeyManager;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;

/// TLS 1.3 where both sides are known by their identity, not by their address. Handshakes that begin after
/// {@link #renew} use the new credentials; connections that stand stay up.
///
/// A predicate decides whom a side talks to: the chain proves who the peer is, the predicate whether it is welcome.
public final class MutualTls {
    private static final String PROTOCOL = "TLSv1.3";

    static {
        // Events of Netty's allocator for the flight recorder, which nobody records: their declaration is an eighth of
        // the processor time that a supervisor's start takes. Read when the first context is made, which is here.
        setUnlessSet("io.grpc.netty.shaded.io.netty.jfr.enabled", "false");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private final AdvancedTlsX509KeyManager key = new AdvancedTlsX509KeyManager();
    private final TrustedAuthorities authorities;
    private IdentityCredentials credentials;

    public MutualTls(IdentityCredentials credentials) {
        this.credentials = credentials;
        this.authorities = new TrustedAuthorities(credentials.trustBundle());
        present(credentials);
    }

    /// Loads what a handshake needs, for a process that has to wait for its credentials anyway.
    public static void load() {
        SslContextBuilder _ = GrpcSslContexts.forClient();
    }

    /// The credentials of the next handshake.
    public synchronized IdentityCredentials credentials() {
        return credentials;
    }

    /// Replaces key, chain and trust bundle for all handshakes that begin from now on.
    public synchronized void renew(IdentityCredentials renewed) {
        credentials = renewed;
        present(renewed);
        authorities.replace(renewed.trustBundle());
    }

    private void present(IdentityCredentials shown) {
        key.updateIdentityCredentials(shown.chain().toArray(X509Certificate[]::new), shown.privateKey());
    }

    /// Credentials of a client that shows its certificate and talks only to servers that are `welcome`.
    public ChannelCredentials channel(Predicate<SpiffeId> welcome) {
        return channel(GrpcSslContexts.forClient().keyManager(key), authorities.and(welcome));
    }

    /// Credentials of a client that has no certificate yet.
    public static ChannelCredentials enrolmentChannel(List<X509Certificate> trustBundle, Predicate<SpiffeId> welcome) {
        return channel(GrpcSslContexts.forClient(), new TrustedAuthorities(trustBundle).and(welcome));
    }

    private static ChannelCredentials channel(SslContextBuilder context, PeerVerification verification) {
        try {
            return NettySslContextChannelCredentials.create(
                    context.protocols(PROTOCOL).trustManager(verification).build());
        } catch (SSLException e) {
            throw new IllegalStateException("This JVM cannot open TLS 1.3 channels.", e);
        }
    }

    /// Credentials of a server that every client must show a certificate to, and a `welcome` one.
    public ServerCredentials server(Predicate<SpiffeId> welcome) {
        return server(welcome, ClientAuth.REQUIRE);
    }

    /// Credentials of a server that also answers clients without a certificate, for enrolment. A certificate that is
    /// shown must be `welcome`; each method but the enrolment must ask {@link PeerIdentity} for one.
    public ServerCredentials enrolmentServer(Predicate<SpiffeId> welcome) {
        return server(welcome, ClientAuth.OPTIONAL);
    }

    private ServerCredentials server(Predicate<SpiffeId> welcome, ClientAuth clientAuth) {
        try {
            return NettySslContextServerCredentials.create(GrpcSslContexts.configure(SslContextBuilder.forServer(key))
                    .protocols(PROTOCOL)
                    .trustManager(authorities.and(welcome))
                    .clientAuth(clientAuth)
                    .build());
        } catch (SSLException e) {
            throw new IllegalStateException("This JVM cannot serve TLS 1.3.", e);
        }
    }
}
