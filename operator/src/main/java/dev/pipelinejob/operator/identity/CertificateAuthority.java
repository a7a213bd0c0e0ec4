package dev.pipelinejob.operator.identity;

import dev.pipelinejob.protocol.identity.IdentityCredentials;
import dev.pipelinejob.protocol.identity.SpiffeId;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/// Signs what operator and workers prove themselves with. Its key is kept where a restarted driver finds it, so that
/// it is still trusted by the workers that its predecessor started: in a folder that only the owner reads, or as
/// {@link AuthorityKeys} in a Secret.
public final class CertificateAuthority {
    private static final Duration VALIDITY = Duration.ofDays(3650);
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
    private static final int MAX_REQUEST_BYTES = 8 * 1024;
    private static final int SERIAL_BITS = 120;

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final List<X509Certificate> trustBundle;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /// @param pair what signs
    /// @param others further CAs that are trusted while one takes over from another
    CertificateAuthority(KeyWithCertificate pair, List<X509Certificate> others, Clock clock) {
        this.key = pair.key();
        this.certificate = pair.certificate();
        this.trustBundle = Stream.concat(Stream.of(certificate), others.stream())
                .distinct()
                .toList();
        this.clock = clock;
    }

    /// A CA's key and its certificate.
    record KeyWithCertificate(PrivateKey key, X509Certificate certificate) {}

    /// Reads the CA that lies in `folder`, or makes one and leaves it there.
    ///
    /// @throws IOException when the folder cannot be read or written, or holds something else
    public static CertificateAuthority openOrCreate(Path folder, Clock clock) throws IOException {
        Path keyFile = folder.resolve("ca-key.der");
        Path certificateFile = folder.resolve("ca.der");
        try {
            if (Files.exists(keyFile) && Files.exists(certificateFile)) {
                return open(keyFile, certificateFile, clock);
            }
            KeyWithCertificate created = create(clock.instant());
            PrivateFiles.createFolder(folder);
            PrivateFiles.write(keyFile, created.key().getEncoded());
            PrivateFiles.write(certificateFile, created.certificate().getEncoded());
            return new CertificateAuthority(created, List.of(), clock);
        } catch (GeneralSecurityException e) {
            throw new IOException("The certificate authority in " + folder + " is unreadable: " + e.getMessage(), e);
        }
    }

    private static CertificateAuthority open(Path keyFile, Path certificateFile, Clock clock)
            throws IOException, GeneralSecurityException {
        PrivateKey key = KeyFactory.getInstance(IdentityCredentials.KEY_ALGORITHM)
                .generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(keyFile)));
        try (var in = Files.newInputStream(certificateFile)) {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            return new CertificateAuthority(new KeyWithCertificate(key, certificate), List.of(), clock);
        }
    }

    /// A new CA.
    static KeyWithCertificate create(Instant now) throws IOException, GeneralSecurityException {
        KeyPair keys = newKeys();
        BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom());
        // Two CAs are never named alike: while one takes over from the other, a name must tell who signed.
        X500Name name = new X500Name("CN=pipelinejob-ca-" + serial.toString(Character.MAX_RADIX));
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name, serial, Date.from(now.minus(CLOCK_SKEW)), Date.from(now.plus(VALIDITY)), name, keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        return new KeyWithCertificate(keys.getPrivate(), finish(builder, keys.getPrivate()));
    }

    /// What signs.
    public X509Certificate certificate() {
        return certificate;
    }

    /// What a peer must trust to trust us: what signs first, and while one CA takes over from another, both.
    public List<X509Certificate> trustBundle() {
        return trustBundle;
    }

    /// Turns a PKCS#10 request into a certificate with the given identity as its only name; what the request itself
    /// asks for, beyond its key, is ignored.
    ///
    /// @param certificateRequest PKCS#10, DER
    /// @param identity what the token proved
    /// @param validity how long it holds from now
    public SigningOutcome sign(byte[] certificateRequest, SpiffeId.Worker identity, Duration validity) {
        if (certificateRequest.length > MAX_REQUEST_BYTES) {
            return new SigningOutcome.Refused("The certificate request has " + certificateRequest.length
                    + " bytes, more than the " + MAX_REQUEST_BYTES + " allowed.");
        }
        try {
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(certificateRequest);
            PublicKey publicKey = request.getPublicKey();
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(publicKey))) {
                return new SigningOutcome.Refused("The certificate request is not signed by its own key.");
            }
            return new SigningOutcome.Signed(List.of(issue(publicKey, identity, validity)));
        } catch (IOException | PKCSException | OperatorCreationException | GeneralSecurityException e) {
            return new SigningOutcome.Refused("The certificate request is not a readable PKCS#10: " + e.getMessage());
        }
    }

    /// A fresh key and certificate for the control server.
    public IdentityCredentials issueOperator(Duration validity) throws IOException {
        try {
            KeyPair keys = newKeys();
            X509Certificate issued = issue(keys.getPublic(), new SpiffeId.Operator(), validity);
            return new IdentityCredentials(keys.getPrivate(), List.of(issued), trustBundle);
        } catch (GeneralSecurityException e) {
            throw new IOException("No certificate could be made for the control server: " + e.getMessage(), e);
        }
    }

    private X509Certificate issue(PublicKey publicKey, SpiffeId identity, Duration validity)
            throws IOException, GeneralSecurityException {
        Instant now = clock.instant();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                certificate,
                new BigInteger(SERIAL_BITS, random),
                Date.from(now.minus(CLOCK_SKEW)),
                Date.from(now.plus(validity)),
                new X500Name("CN=pipelinejob"),
                publicKey);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
            KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth
        }));
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri())));
        return finish(builder, key);
    }

    private static X509Certificate finish(X509v3CertificateBuilder builder, PrivateKey signingKey)
            throws CertIOException, GeneralSecurityException {
        try {
            X509CertificateHolder holder = builder.build(
                    new JcaContentSignerBuilder(IdentityCredentials.SIGNATURE_ALGORITHM).build(signingKey));
            return new JcaX509CertificateConverter().getCertificate(holder);
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(IdentityCredentials.KEY_ALGORITHM);
        generator.initialize(new ECGenParameterSpec(IdentityCredentials.CURVE));
        return generator.generateKeyPair();
    }
}
