package dev.pipelinejob.operator.identity;

import dev.pipelinejob.protocol.identity.IdentityCredentials;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// What a worker sends to be signed.
public final class CertificateRequests {
    private CertificateRequests() {}

    public static KeyPair keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(IdentityCredentials.KEY_ALGORITHM);
        generator.initialize(new ECGenParameterSpec(IdentityCredentials.CURVE));
        return generator.generateKeyPair();
    }

    /// A request for one key, signed by another, which is the same in an honest request.
    public static byte[] request(KeyPair keys, PrivateKey signer) throws Exception {
        return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=anything"), keys.getPublic())
                .build(new JcaContentSignerBuilder(IdentityCredentials.SIGNATURE_ALGORITHM).build(signer))
                .getEncoded();
    }
}
