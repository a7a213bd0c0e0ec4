package dev.pipelinejob.operator.identity;

import dev.pipelinejob.protocol.identity.IdentityCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/// Keys and certificates as text.
final class Pem {
    private static final String KEY = "PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final int LINE = 64;

    private Pem() {}

    static String of(PrivateKey key) {
        return block(KEY, key.getEncoded());
    }

    static String of(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        IdentityCredentials.der(certificates).forEach(der -> text.append(block(CERTIFICATE, der)));
        return text.toString();
    }

    private static String block(String kind, byte[] der) {
        String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
    }

    static PrivateKey key(String pem) throws IOException {
        String body = pem.replace("-----BEGIN " + KEY + "-----", "")
                .replace("-----END " + KEY + "-----", "")
                .strip();
        try {
            return KeyFactory.getInstance(IdentityCredentials.KEY_ALGORITHM)
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            // The cause might quote the key.
            throw new IOException("The private key is no PKCS#8 elliptic-curve key in PEM.");
        }
    }

    static List<X509Certificate> certificates(String pem) throws IOException {
        try {
            List<X509Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (certificates.isEmpty()) {
                throw new IOException("There is no certificate in PEM.");
            }
            return certificates;
        } catch (GeneralSecurityException e) {
            throw new IOException("The certificates are not in PEM: " + e.getMessage(), e);
        }
    }
}
