package dev.pipelinejob.operator.monitor;

import dev.pipelinejob.operator.identity.AuthorityKeys;
import dev.pipelinejob.operator.identity.CertificateAuthority;
import dev.pipelinejob.operator.identity.TokenVerifier;
import dev.pipelinejob.protocol.identity.MutualTls;
import dev.pipelinejob.protocol.identity.SpiffeId;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Where supervisors call: one port for enrolment and control.
public final class ControlServer implements AutoCloseable {
    /// A worker renews its certificate on its stream long before that.
    private static final Duration WORKER_VALIDITY = Duration.ofDays(1);
    /// The server's own is renewed whenever it is told whom to trust, and after half of its time.
    private static final Duration OWN_VALIDITY = AuthorityKeys.LONGEST_VALIDITY;
    /// gRPC asks no more often, whatever it is told; {@link Sessions#sweep} notices first.
    private static final Duration KEEPALIVE = Duration.ofSeconds(10);
    private static final long SWEEP_SECONDS = 1;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final Server server;
    private final ExecutorService executor;
    private final ScheduledExecutorService sweeper;
    private final Sessions sessions;
    private final MutualTls tls;
    private final AtomicReference<CertificateAuthority> authority;

    private ControlServer(
            Server server,
            ExecutorService executor,
            ScheduledExecutorService sweeper,
            Sessions sessions,
            MutualTls tls,
            AtomicReference<CertificateAuthority> authority) {
        this.server = server;
        this.executor = executor;
        this.sweeper = sweeper;
        this.sessions = sessions;
        this.tls = tls;
        this.authority = authority;
    }

    /// What the server needs to know.
    ///
    /// @param authority signs for workers, and for the server itself
    /// @param tokens tells whose token an enrolment carries
    /// @param membership tells whose session an identity may open
    /// @param sink takes every event
    public record Wiring(
            CertificateAuthority authority, TokenVerifier tokens, Membership membership, MonitorSink sink) {}

    /// Starts the server.
    ///
    /// @param address port 0 picks a free one
    /// @throws IOException when the address cannot be bound
    public static ControlServer start(InetSocketAddress address, Wiring wiring) throws IOException {
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        Sessions sessions = new Sessions(executor);
        MutualTls tls = new MutualTls(wiring.authority().issueOperator(OWN_VALIDITY));
        AtomicReference<CertificateAuthority> authority = new AtomicReference<>(wiring.authority());
        Server server = NettyServerBuilder.forAddress(
                        address, tls.enrolmentServer(peer -> peer instanceof SpiffeId.Worker))
                .executor(executor)
                .keepAliveTime(KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(KEEPALIVE.toMillis() / 2, TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .intercept(new PeerGate())
                .addService(new EnrolmentService(wiring.tokens(), authority::get, WORKER_VALIDITY))
                .addService(new ControlService(
                        sessions,
                        wiring.membership(),
                        wiring.sink(),
                        new CertificateRenewal(authority::get, WORKER_VALIDITY)))
                .build();
        try {
            server.start();
        } catch (IOException e) {
            executor.close();
            throw e;
        }
        ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("sweep").factory());
        // With a pause between, not at a rate: after a stop of this process all of them are looked at once.
        var _ = sweeper.scheduleWithFixedDelay(sessions::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
        return new ControlServer(server, executor, sweeper, sessions, tls, authority);
    }

    public int port() {
        return server.getPort();
    }

    public Sessions sessions() {
        return sessions;
    }

    /// From now on this authority signs, and what it trusts is trusted: by this server at the next handshake, and by
    /// every worker that has a stream at once. The server's own certificate is renewed with it.
    public void trust(CertificateAuthority newer) throws IOException {
        tls.renew(newer.issueOperator(OWN_VALIDITY));
        authority.set(newer);
        sessions.sendAll(CertificateRenewal.trustBundle(newer));
    }

    /// Renews the server's own certificate once half of its time is over; sessions that stand stay up.
    public void renewIfDue(Instant now) throws IOException {
        Instant end = tls.credentials().chain().getFirst().getNotAfter().toInstant();
        if (!now.isBefore(end.minus(OWN_VALIDITY.dividedBy(2)))) {
            tls.renew(Objects.requireNonNull(authority.get()).issueOperator(OWN_VALIDITY));
        }
    }

    /// Closes the port and all streams; workers go on without us.
    @Override
    public void close() {
        sweeper.shutdownNow();
        server.shutdownNow();
        try {
            server.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }
}
