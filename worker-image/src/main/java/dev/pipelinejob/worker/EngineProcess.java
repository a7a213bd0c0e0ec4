package dev.pipelinejob.worker;

import com.google.protobuf.ByteString;
import dev.pipelinejob.protocol.control.EngineUp;
import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.engine.Credentials;
import dev.pipelinejob.protocol.engine.FromEngine;
import dev.pipelinejob.protocol.engine.Pong;
import dev.pipelinejob.protocol.engine.ToEngine;
import dev.pipelinejob.protocol.identity.IdentityCredentials;
import dev.pipelinejob.protocol.identity.MutualTls;
import dev.pipelinejob.worker.config.EngineConfig;
import dev.pipelinejob.worker.engine.StageEngine;
import dev.pipelinejob.worker.runtime.AttemptRunner;
import dev.pipelinejob.worker.runtime.OperatorLease;
import dev.pipelinejob.worker.runtime.PlannedFaults;
import dev.pipelinejob.worker.runtime.RuntimeResources;
import dev.pipelinejob.worker.runtime.SuddenDeath;
import dev.pipelinejob.worker.supervisor.EngineSocket;
import dev.pipelinejob.worker.telemetry.ReportQueue;
import dev.pipelinejob.worker.transport.grpc.GrpcTransport;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine process: obeys its supervisor and ends the moment that its supervisor is gone.
final class EngineProcess {
    private static final Logger LOG = LoggerFactory.getLogger(EngineProcess.class);
    private static final int BROKEN = 1;
    private static final int SUPERVISOR_GONE = 4;
    private static final FromEngine PONG =
            FromEngine.newBuilder().setPong(Pong.getDefaultInstance()).build();

    private final EngineConfig config;
    private final Supplier<StageEngine> engines;
    private final Clock clock;
    private final EngineSocket<ToEngine> socket;
    private final ReportQueue reports = new ReportQueue();
    private final OperatorLease lease = new OperatorLease(System::nanoTime);
    private @Nullable MutualTls tls;
    private @Nullable AttemptRunner runner;

    private EngineProcess(
            EngineConfig config, Supplier<StageEngine> engines, Clock clock, EngineSocket<ToEngine> socket) {
        this.config = config;
        this.engines = engines;
        this.clock = clock;
        this.socket = socket;
    }

    /// Obeys until the supervisor is gone; then it does not return, but ends the process as it is: what it computes
    /// belongs to nobody any more.
    static int run(EngineConfig config, Supplier<StageEngine> engines, Clock clock) throws IOException {
        Thread.setDefaultUncaughtExceptionHandler((thread, bug) -> {
            LOG.atError().addKeyValue("thread", thread.getName()).setCause(bug).log("A thread of the engine died.");
            Runtime.getRuntime().halt(BROKEN);
        });
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(config.socket()));
                EngineSocket<ToEngine> socket = new EngineSocket<>(channel, ToEngine.parser())) {
            EngineProcess process = new EngineProcess(config, engines, clock, socket);
            Thread.ofPlatform().daemon().name("reports").start(process::write);
            // Its credentials come when the supervisor is enrolled, which takes longer.
            MutualTls.load();
            process.obey();
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("detail", e.getMessage()).log("The supervisor's stream broke.");
        }
        Runtime.getRuntime().halt(SUPERVISOR_GONE);
        return SUPERVISOR_GONE;
    }

    private void obey() throws IOException {
        for (ToEngine message = socket.read(); message != null; message = socket.read()) {
            switch (message.getBodyCase()) {
                case CREDENTIALS -> identify(message.getCredentials());
                case OPERATOR -> obey(message.getOperator());
                case ACTIVATE -> LOG.info("This standby is the engine now.");
                case PING -> reports.add(PONG);
                case BODY_NOT_SET -> LOG.warn("The supervisor said something that this engine does not know.");
            }
        }
    }

    private void identify(Credentials credentials) throws IOException {
        IdentityCredentials own = IdentityCredentials.fromDer(
                credentials.getPrivateKey().toByteArray(),
                bytes(credentials.getCertificateChainList()),
                bytes(credentials.getTrustBundleList()));
        MutualTls known = tls;
        if (known != null) {
            known.renew(own);
            return;
        }
        MutualTls first = new MutualTls(own);
        tls = first;
        GrpcTransport transport = GrpcTransport.listen(first, config.host());
        AttemptRunner made = new AttemptRunner(
                new RuntimeResources(
                        transport,
                        lease,
                        clock,
                        config.cacheFolder(),
                        reports::add,
                        new RuntimeResources.Limits(config.connectLimit(), config.receiveLimit()),
                        PlannedFaults.of(config.faults(), SuddenDeath::now)),
                engines,
                "compute");
        runner = made;
        made.withEngine(engine -> {
            if (config.warmUp()) {
                WarmUp.exercise(engine, first, config.host());
            }
            tellUp(transport, engine.describe().fingerprint());
        });
    }

    private static List<byte[]> bytes(List<ByteString> encoded) {
        return encoded.stream().map(ByteString::toByteArray).toList();
    }

    private void tellUp(GrpcTransport transport, String fingerprint) {
        reports.add(FromEngine.newBuilder()
                .setEngineUp(EngineUp.newBuilder()
                        .setPid(ProcessHandle.current().pid())
                        .setAddress(transport.address())
                        .setNumericsFingerprint(fingerprint))
                .build());
    }

    private void obey(OperatorMessage order) {
        AttemptRunner ready = runner;
        if (order.hasLease()) {
            lease.renew(Duration.ofSeconds(order.getLease().getSeconds()));
        } else if (ready == null) {
            LOG.atWarn().addKeyValue("order", order.getBodyCase()).log("An order came before the credentials.");
        } else {
            switch (order.getBodyCase()) {
                case PREPARE -> ready.prepare(order.getPrepare());
                case START -> ready.start(order.getStart());
                case ABORT -> ready.abort(order.getAbort());
                case PAUSE -> ready.pause(order.getPause());
                case LEASE, KILL_ENGINE, SHUTDOWN, ISSUED_CERTIFICATE, ALIVE, TRUST_BUNDLE, BODY_NOT_SET ->
                    LOG.atWarn().addKeyValue("order", order.getBodyCase()).log("This order is not an engine's.");
            }
        }
    }

    /// The reports' thread: the compute thread never waits for the supervisor.
    private void write() {
        try {
            while (true) {
                socket.write(reports.take());
            }
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("detail", e.getMessage()).log("The supervisor no longer listens.");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
