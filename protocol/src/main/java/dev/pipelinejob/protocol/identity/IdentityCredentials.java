package dev.pipelinejob.protocol.identity;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/// What one side proves itself with, and whom it believes. Keys are elliptic-curve keys.
///
/// @param privateKey never leaves memory, except to a process's own children over a private socket
/// @param chain the own certificate first
/// @param trustBundle every CA that peers may be signed by (two during a rollover)
public record IdentityCredentials(
        PrivateKey privateKey, List<X509Certificate> chain, List<X509Certificate> trustBundle) {
    /// The kind of every key here.
    public static final String KEY_ALGORITHM = "EC";
    /// The curve of fresh keys.
    public static final String CURVE = "secp256r1";
    /// What requests and certificates are signed by.
    public static final String SIGNATURE_ALGORITHM = "SHA256withECDSA";

    public IdentityCredentials {
        chain = List.copyOf(chain);
        trustBundle = List.copyOf(trustBundle);
        if (chain.isEmpty() || trustBundle.isEmpty()) {
            throw new IllegalArgumentException("Credentials need a certificate and at least one CA to trust, not "
                    + chain.size() + " certificates and " + trustBundle.size() + " CAs.");
        }
        SpiffeId.of(chain.getFirst());
    }

    /// Who these credentials speak for.
    public SpiffeId identity() {
        return SpiffeId.of(chain.getFirst());
    }

    /// Reads credentials from their DER forms; the key is PKCS#8.
    ///
    /// @throws IllegalArgumentException when one of them cannot be read
    public static IdentityCredentials fromDer(byte[] privateKey, List<byte[]> chain, List<byte[]> trustBundle) {
        try {
            PrivateKey key = KeyFactory.getInstance(KEY_ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(privateKey));
            return new IdentityCredentials(key, certificates(chain), certificates(trustBundle));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("The private key is no PKCS#8 elliptic-curve key.", e);
        }
    }

    public byte[] privateKeyDer() {
        return privateKey.getEncoded();
    }

    public List<byte[]> chainDer() {
        return der(chain);
    }

    public List<byte[]> trustBundleDer() {
        return der(trustBundle);
    }

    /// Reads certificates from their DER forms.
    ///
    /// @throws IllegalArgumentException when one of them cannot be read
    public static List<X509Certificate> certificates(List<byte[]> der) {
        List<X509Certificate> read = new ArrayList<>(der.size());
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (byte[] one : der) {
                read.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(one)));
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException(
                    "Certificate " + read.size() + " of " + der.size() + " is no X.509 certificate.", e);
        }
        return read;
    }

    /// The DER forms of certificates.
    public static List<byte[]> der(List<X509Certificate> certificates) {
        List<byte[]> encoded = new ArrayList<>(certificates.size());
        try {
            for (X509Certificate one : certificates) {
                encoded.add(one.getEncoded());
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("A certificate that was read cannot be written.", e);
        }
        return encoded;
    }

    /// Says who and whom, never the key.
    @Override
    public String toString() {
        return "IdentityCredentials[" + identity() + ", trusts " + trustBundle.size() + " CA]";
    }
}
