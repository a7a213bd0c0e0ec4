package dev.pipelinejob.worker.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.junit.jupiter.api.RepeatedTest;

/// Our few bytes of PKCS#10 against a library that knows the whole standard.
class CertificateRequestTest {
    /// Signatures differ in length from one to the next.
    private static final int SIGNATURES = 30;

    @RepeatedTest(SIGNATURES)
    void isWhatALibraryReadsAndVerifies() throws Exception {
        CertificateRequest request = CertificateRequest.fresh();

        byte[] der = request.der();
        JcaPKCS10CertificationRequest read = new JcaPKCS10CertificationRequest(der);

        assertThat(read.toASN1Structure().getEncoded("DER")).isEqualTo(der);
        assertThat(read.getSubject()).hasToString("CN=worker");
        assertThat(read.getPublicKey()).isEqualTo(request.keys().getPublic());
        assertThat(read.getAttributes()).isEmpty();
        assertThat(read.isSignatureValid(new JcaContentVerifierProviderBuilder()
                        .build(request.keys().getPublic())))
                .isTrue();
    }
}
