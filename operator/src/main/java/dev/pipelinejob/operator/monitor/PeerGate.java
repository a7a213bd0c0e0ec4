package dev.pipelinejob.operator.monitor;

import dev.pipelinejob.protocol.control.ControlGrpc;
import dev.pipelinejob.protocol.identity.PeerIdentity;
import dev.pipelinejob.protocol.identity.SpiffeId;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/// One port serves both: who has no certificate yet may enrol, and nothing else.
final class PeerGate implements ServerInterceptor {
    /// Who is at the other end of the call.
    static final Context.Key<SpiffeId> PEER = Context.key("peer");

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        SpiffeId peer = PeerIdentity.of(call.getAttributes());
        if (peer != null) {
            return Contexts.interceptCall(Context.current().withValue(PEER, peer), call, headers, next);
        }
        if (ControlGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName())) {
            call.close(
                    Status.UNAUTHENTICATED.withDescription("The control stream needs a certificate: enrol first."),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return next.startCall(call, headers);
    }
}
