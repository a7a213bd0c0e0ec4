package dev.pipelinejob.protocol.identity;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/// A CA for tests: signs whatever it is asked to.
public final class TestAuthority {
    private final AtomicLong serial = new AtomicLong(1);
    private final KeyPair keys = keyPair();
    private final X500Principal name;
    private final X509Certificate certificate;

    public TestAuthority(String name) {
        this.name = new X500Principal("CN=" + name);
        this.certificate = sign(keys, this.name, null, Duration.ofHours(1));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /// Fresh credentials for an identity, believing this authority alone.
    public IdentityCredentials issue(SpiffeId identity) {
        return issue(identity, Duration.ofHours(1));
    }

    /// As {@link #issue(SpiffeId)}, ending `validFor` from now; negative is expired.
    public IdentityCredentials issue(SpiffeId identity, Duration validFor) {
        return issue(identity.uri(), validFor);
    }

    IdentityCredentials issue(String uri, Duration validFor) {
        KeyPair own = keyPair();
        return new IdentityCredentials(own.getPrivate(), List.of(sign(own, uri, validFor)), List.of(certificate));
    }

    /// Signs a key for an identity.
    public X509Certificate sign(KeyPair owner, String uri, Duration validFor) {
        return sign(owner, new X500Principal("CN=worker"), uri, validFor);
    }

    private X509Certificate sign(KeyPair owner, X500Principal subject, @Nullable String uri, Duration validFor) {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(serial.getAndIncrement()),
                Date.from(now.minus(Duration.ofHours(2))),
                Date.from(now.plus(validFor)),
                subject,
                owner.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(uri == null));
            if (uri != null) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(IdentityCredentials.SIGNATURE_ALGORITHM)
                            .build(keys.getPrivate())));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// A new key pair on P-256.
    public static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(IdentityCredentials.CURVE));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
