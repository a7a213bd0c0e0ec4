package dev.pipelinejob.worker.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/// Whom a worker trusts as its operator at first.
public sealed interface OperatorTrust {
    /// The certificates themselves.
    ///
    /// @throws IOException when they cannot be read now
    List<X509Certificate> certificates() throws IOException;

    /// As text, which was checked at start-up.
    ///
    /// @param certificates read from `PIPELINEJOB_TRUST_BUNDLE`, PEM
    record Bundle(List<X509Certificate> certificates) implements OperatorTrust {
        public Bundle {
            certificates = List.copyOf(certificates);
        }

        static Bundle read(String pem) {
            try {
                return new Bundle(parse(pem.getBytes(StandardCharsets.US_ASCII)));
            } catch (CertificateException _) {
                throw new IllegalArgumentException("The environment variable PIPELINEJOB_TRUST_BUNDLE holds no"
                        + " certificates in PEM, such as -----BEGIN CERTIFICATE-----.");
            }
        }
    }

    /// As a file, which is read when it is needed.
    ///
    /// @param file DER or PEM
    record File(Path file) implements OperatorTrust {
        @Override
        public List<X509Certificate> certificates() throws IOException {
            try {
                return parse(Files.readAllBytes(file));
            } catch (CertificateException e) {
                throw new IOException("The file " + file + " holds no certificates.", e);
            }
        }
    }

    private static List<X509Certificate> parse(byte[] encoded) throws CertificateException {
        List<X509Certificate> certificates =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(encoded)).stream()
                        .map(X509Certificate.class::cast)
                        .toList();
        if (certificates.isEmpty()) {
            throw new CertificateException("no certificate");
        }
        return certificates;
    }
}
