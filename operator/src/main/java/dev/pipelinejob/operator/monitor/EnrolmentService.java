package dev.pipelinejob.operator.monitor;

import com.google.protobuf.ByteString;
import dev.pipelinejob.operator.identity.CertificateAuthority;
import dev.pipelinejob.operator.identity.SigningOutcome;
import dev.pipelinejob.operator.identity.TokenVerdict;
import dev.pipelinejob.operator.identity.TokenVerifier;
import dev.pipelinejob.protocol.control.EnrolRequest;
import dev.pipelinejob.protocol.control.EnrolResponse;
import dev.pipelinejob.protocol.control.EnrolmentGrpc;
import dev.pipelinejob.protocol.identity.IdentityCredentials;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A token and a certificate request in, a certificate out.
final class EnrolmentService extends EnrolmentGrpc.EnrolmentImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(EnrolmentService.class);

    private final TokenVerifier tokens;
    private final Supplier<CertificateAuthority> authority;
    private final Duration validity;

    EnrolmentService(TokenVerifier tokens, Supplier<CertificateAuthority> authority, Duration validity) {
        this.tokens = tokens;
        this.authority = authority;
        this.validity = validity;
    }

    @Override
    public void enrol(EnrolRequest request, StreamObserver<EnrolResponse> answer) {
        switch (tokens.verify(request.getToken())) {
            case TokenVerdict.Refused refused -> {
                LOG.warn("An enrolment was refused: {}", refused.reason());
                answer.onError(
                        Status.UNAUTHENTICATED.withDescription(refused.reason()).asRuntimeException());
            }
            case TokenVerdict.Accepted accepted -> sign(request, accepted, answer);
        }
    }

    private void sign(EnrolRequest request, TokenVerdict.Accepted accepted, StreamObserver<EnrolResponse> answer) {
        CertificateAuthority signer = authority.get();
        switch (signer.sign(request.getCertificateRequest().toByteArray(), accepted.identity(), validity)) {
            case SigningOutcome.Refused refused ->
                answer.onError(Status.INVALID_ARGUMENT
                        .withDescription(refused.reason())
                        .asRuntimeException());
            case SigningOutcome.Signed signed -> {
                answer.onNext(EnrolResponse.newBuilder()
                        .addAllCertificateChain(bytes(IdentityCredentials.der(signed.chain())))
                        .addAllTrustBundle(bytes(IdentityCredentials.der(signer.trustBundle())))
                        .setIdentity(accepted.identity().uri())
                        .build());
                answer.onCompleted();
            }
        }
    }

    private static List<ByteString> bytes(List<byte[]> der) {
        return der.stream().map(ByteString::copyFrom).toList();
    }
}
