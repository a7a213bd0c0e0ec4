package dev.pipelinejob.worker.supervisor;

import dev.pipelinejob.protocol.identity.IdentityCredentials;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// A fresh key, which never leaves memory, and the request to have it signed. Who the worker is comes from its token:
/// the request says only that it holds the key.
record CertificateRequest(KeyPair keys) {
    private static final String CURVE = "secp256r1";

    static CertificateRequest fresh() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(IdentityCredentials.KEY_ALGORITHM);
            generator.initialize(new ECGenParameterSpec(CURVE));
            return new CertificateRequest(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM makes no keys on the curve " + CURVE + ".", e);
        }
    }

    /// PKCS#10, DER.
    byte[] der() {
        try {
            return new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=worker"), keys.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("This JVM signs no certificate requests.", e);
        }
    }
}
