package dev.pipelinejob.worker.supervisor;

import dev.pipelinejob.protocol.identity.IdentityCredentials;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;

/// A fresh key, which never leaves memory, and the request to have it signed. Who the worker is comes from its token:
/// the request says only that it holds the key. A cryptography library would write it too, but loading one takes longer
/// than all the rest of an enrolment.
record CertificateRequest(KeyPair keys) {
    /// The signature's algorithm as PKCS#10 writes it: a sequence of one object identifier, 1.2.840.10045.4.3.2.
    private static final byte[] SIGNATURE_DER = HexFormat.of().parseHex("300a06082a8648ce3d040302");
    /// Version 1, which the standard writes as 0.
    private static final byte[] VERSION_DER = HexFormat.of().parseHex("020100");

    private static final byte[] NO_ATTRIBUTES_DER = HexFormat.of().parseHex("a000");
    private static final int SEQUENCE = 0x30;
    private static final int BIT_STRING = 0x03;
    private static final byte[] NO_UNUSED_BITS = {0};
    private static final int LONGEST_SHORT_FORM = 0x7f;
    private static final int LONGEST_ONE_BYTE = 0xff;
    private static final int ONE_LENGTH_BYTE = 0x81;
    private static final int TWO_LENGTH_BYTES = 0x82;

    static CertificateRequest fresh() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(IdentityCredentials.KEY_ALGORITHM);
            generator.initialize(new ECGenParameterSpec(IdentityCredentials.CURVE));
            return new CertificateRequest(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "This JVM makes no keys on the curve " + IdentityCredentials.CURVE + ".", e);
        }
    }

    /// PKCS#10, DER.
    byte[] der() {
        byte[] name = new X500Principal("CN=worker").getEncoded();
        byte[] body =
                tagged(SEQUENCE, joined(VERSION_DER, name, keys.getPublic().getEncoded(), NO_ATTRIBUTES_DER));
        byte[] signature = tagged(BIT_STRING, joined(NO_UNUSED_BITS, signature(body)));
        return tagged(SEQUENCE, joined(body, SIGNATURE_DER, signature));
    }

    private byte[] signature(byte[] body) {
        try {
            Signature signer = Signature.getInstance(IdentityCredentials.SIGNATURE_ALGORITHM);
            signer.initSign(keys.getPrivate());
            signer.update(body);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM signs no certificate requests.", e);
        }
    }

    /// One DER value; its content is shorter than 64 KiB.
    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length > LONGEST_ONE_BYTE) {
            out.write(TWO_LENGTH_BYTES);
            out.write(content.length >> Byte.SIZE);
        } else if (content.length > LONGEST_SHORT_FORM) {
            out.write(ONE_LENGTH_BYTE);
        }
        out.write(content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
