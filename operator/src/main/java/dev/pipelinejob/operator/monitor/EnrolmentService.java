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
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A token and a certificate request in, a certificate out.
final class EnrolmentService extends EnrolmentGrpc.EnrolmentImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(EnrolmentService.class);
    static final int MAX_AT_ONCE = 8;
    /// More than one job's workers can be.
    static final int MAX_WAITING = 2048;

    /// A worker does not wait much longer for its answer.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(8);

    private final TokenVerifier tokens;
    private final Supplier<CertificateAuthority> authority;
    private final Duration validity;
    /// The API server is asked for each: a fleet that comes at once must not hold up what else it is asked.
    private final Semaphore room = new Semaphore(MAX_AT_ONCE, true);

    EnrolmentService(TokenVerifier tokens, Supplier<CertificateAuthority> authority, Duration validity) {
        this.tokens = tokens;
        this.authority = authority;
        this.validity = validity;
    }

    @Override
    public void enrol(EnrolRequest request, StreamObserver<EnrolResponse> answer) {
        if (room.getQueueLength() >= MAX_WAITING || !hasRoom()) {
            answer.onError(Status.UNAVAILABLE
                    .withDescription("Too many workers enrol at once: try again.")
                    .asRuntimeException());
            return;
        }
        try {
            // Who waits no more has hung up, and will call again.
            if (!Context.current().isCancelled()) {
                admit(request, answer);
            }
        } finally {
            room.release();
        }
    }

    private boolean hasRoom() {
        try {
            return room.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void admit(EnrolRequest request, StreamObserver<EnrolResponse> answer) {
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
