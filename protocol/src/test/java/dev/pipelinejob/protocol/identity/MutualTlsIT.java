package dev.pipelinejob.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipelinejob.protocol.control.EnrolRequest;
import dev.pipelinejob.protocol.control.EnrolResponse;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Real handshakes on loopback: who is let in and who is not.
class MutualTlsIT {
    private static final SpiffeId.Worker OWN = new SpiffeId.Worker("team-a", "job-1", "p0");
    private static final SpiffeId.Worker NEIGHBOUR = new SpiffeId.Worker("team-a", "job-1", "p1");
    private static final MethodDescriptor<EnrolRequest, EnrolResponse> ECHO =
            MethodDescriptor.<EnrolRequest, EnrolResponse>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("test.Echo/Say")
                    .setRequestMarshaller(ProtoUtils.marshaller(EnrolRequest.getDefaultInstance()))
                    .setResponseMarshaller(ProtoUtils.marshaller(EnrolResponse.getDefaultInstance()))
                    .build();

    private final TestAuthority authority = new TestAuthority("ours");
    private final AtomicReference<@Nullable SpiffeId> caller = new AtomicReference<>();
    private @Nullable Server server;

    @AfterEach
    void stopServer() throws InterruptedException {
        if (server != null) {
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void acceptsAWorkerOfTheSameJobAndTellsWhoItIs() throws Exception {
        int port = serve(new MutualTls(authority.issue(OWN)).server(MutualTlsIT::sameJob));

        String answer = call(port, new MutualTls(authority.issue(NEIGHBOUR)).channel(MutualTlsIT::sameJob));

        assertThat(answer).isEqualTo("heard");
        assertThat(caller.get()).isEqualTo(NEIGHBOUR);
    }

    @Test
    void declaresNothingToTheFlightRecorder() {
        ChannelCredentials made = new MutualTls(authority.issue(OWN)).channel(MutualTlsIT::sameJob);

        assertThat(made).isNotNull();
        assertThat(PlatformDependent.isJfrEnabled()).isFalse();
    }

    private record Stranger(String why, ChannelCredentials credentials) {
        @Override
        public String toString() {
            return why;
        }
    }

    private List<Stranger> strangers() {
        IdentityCredentials foreign = new TestAuthority("foreign").issue(NEIGHBOUR);
        IdentityCredentials foreignTrustingUs =
                new IdentityCredentials(foreign.privateKey(), foreign.chain(), List.of(authority.certificate()));
        Predicate<SpiffeId> anyone = peer -> true;
        return List.of(
                new Stranger("no certificate", MutualTls.enrolmentChannel(List.of(authority.certificate()), anyone)),
                new Stranger(
                        "another job",
                        new MutualTls(authority.issue(new SpiffeId.Worker("team-a", "job-2", "p1"))).channel(anyone)),
                new Stranger(
                        "another namespace",
                        new MutualTls(authority.issue(new SpiffeId.Worker("team-b", "job-1", "p1"))).channel(anyone)),
                new Stranger(
                        "expired", new MutualTls(authority.issue(NEIGHBOUR, Duration.ofMinutes(-1))).channel(anyone)),
                new Stranger("foreign CA", new MutualTls(foreignTrustingUs).channel(anyone)));
    }

    @Test
    void refusesEveryStrangerByItsCertificate() throws Exception {
        int port = serve(new MutualTls(authority.issue(OWN)).server(MutualTlsIT::sameJob));

        for (Stranger stranger : strangers()) {
            assertThatThrownBy(() -> call(port, stranger.credentials()))
                    .as(stranger.why())
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        }
        assertThat(caller.get()).as("nobody got through").isNull();
    }

    @Test
    void refusesAServerThatIsNotWelcome() throws Exception {
        int port = serve(
                new MutualTls(authority.issue(new SpiffeId.Worker("team-a", "job-2", "p0"))).server(peer -> true));

        assertThatThrownBy(() -> call(port, new MutualTls(authority.issue(NEIGHBOUR)).channel(MutualTlsIT::sameJob)))
                .isInstanceOf(StatusRuntimeException.class);
        assertThat(caller.get()).isNull();
    }

    @Test
    void letsAWorkerWithoutCertificateEnrolButStillRefusesStrangersThatShowOne() throws Exception {
        int port = serve(new MutualTls(authority.issue(new SpiffeId.Operator())).enrolmentServer(MutualTlsIT::sameJob));
        Predicate<SpiffeId> operator = peer -> peer instanceof SpiffeId.Operator;

        String answer = call(port, MutualTls.enrolmentChannel(List.of(authority.certificate()), operator));

        assertThat(answer).isEqualTo("heard");
        assertThat(caller.get()).as("no identity without a certificate").isNull();
        for (Stranger stranger : strangers().subList(1, 5)) {
            assertThatThrownBy(() -> call(port, stranger.credentials()))
                    .as(stranger.why())
                    .isInstanceOf(StatusRuntimeException.class);
        }
    }

    @Test
    void usesRenewedCredentialsAtTheNextHandshake() throws Exception {
        TestAuthority next = new TestAuthority("next");
        List<X509Certificate> both = List.of(authority.certificate(), next.certificate());
        MutualTls serving = new MutualTls(authority.issue(OWN));
        int port = serve(serving.server(MutualTlsIT::sameJob));
        IdentityCredentials renewed = next.issue(NEIGHBOUR);
        MutualTls client = new MutualTls(new IdentityCredentials(renewed.privateKey(), renewed.chain(), both));
        ChannelCredentials credentials = client.channel(MutualTlsIT::sameJob);
        assertThatThrownBy(() -> call(port, credentials)).isInstanceOf(StatusRuntimeException.class);

        IdentityCredentials old = serving.credentials();
        serving.renew(new IdentityCredentials(old.privateKey(), old.chain(), both));

        assertThat(call(port, credentials)).isEqualTo("heard");
    }

    private static boolean sameJob(SpiffeId peer) {
        return peer instanceof SpiffeId.Worker worker && worker.sameJobAs(OWN);
    }

    private int serve(ServerCredentials credentials) throws IOException {
        ServerInterceptor remember = new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                caller.set(PeerIdentity.of(call.getAttributes()));
                return next.startCall(call, headers);
            }
        };
        server = Grpc.newServerBuilderForPort(0, credentials)
                .intercept(remember)
                .addService(ServerServiceDefinition.builder("test.Echo")
                        .addMethod(ECHO, ServerCalls.asyncUnaryCall((request, answer) -> {
                            answer.onNext(EnrolResponse.newBuilder()
                                    .setIdentity("heard")
                                    .build());
                            answer.onCompleted();
                        }))
                        .build())
                .build()
                .start();
        return server.getPort();
    }

    private static String call(int port, ChannelCredentials credentials) throws InterruptedException {
        ManagedChannel channel =
                Grpc.newChannelBuilder("127.0.0.1:" + port, credentials).build();
        try {
            return ClientCalls.blockingUnaryCall(
                            channel,
                            ECHO,
                            CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                            EnrolRequest.getDefaultInstance())
                    .getIdentity();
        } finally {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }
}
