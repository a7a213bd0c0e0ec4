package dev.pipelinejob.worker.supervisor;

import com.google.protobuf.ByteString;
import dev.pipelinejob.protocol.control.EngineUp;
import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.engine.Activate;
import dev.pipelinejob.protocol.engine.Credentials;
import dev.pipelinejob.protocol.engine.ToEngine;
import dev.pipelinejob.protocol.identity.IdentityCredentials;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine that works and, perhaps, the one that stands by. Only the supervisor's thread calls it.
final class Engines {
    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);
    /// An engine that ends sooner than this was never fit to work, and the next one waits a little.
    private static final Duration SHORT_LIFE = Duration.ofSeconds(3);

    private static final Duration SETTLING = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final EngineLauncher launcher;
    private final boolean wantsStandby;
    private final Consumer<SupervisorEvent> events;
    private @Nullable IdentityCredentials credentials;
    private volatile @Nullable EngineChild active;
    private volatile @Nullable EngineChild standby;
    private long activeSinceNanos;
    private boolean trains;
    private long trainsSinceNanos;
    private long notBeforeNanos = System.nanoTime();
    private Duration pause = Duration.ZERO;

    Engines(EngineLauncher launcher, boolean wantsStandby, Consumer<SupervisorEvent> events) {
        this.launcher = launcher;
        this.wantsStandby = wantsStandby;
        this.events = events;
    }

    /// Starts the working engine if there is none and the pause after short lives is over.
    void ensureActive() {
        if (active == null && System.nanoTime() - notBeforeNanos >= 0) {
            active = start(false);
            activeSinceNanos = System.nanoTime();
        }
    }

    /// The working engine has completed a step.
    void trains() {
        if (!trains) {
            trains = true;
            trainsSinceNanos = System.nanoTime();
        }
    }

    /// Starts the standby if one is wanted and there is none, but not before the working engine has trained for a
    /// while: the start of a standby must not compete with a recovery.
    void ensureStandby() {
        if (wantsStandby
                && standby == null
                && active != null
                && trains
                && System.nanoTime() - trainsSinceNanos > SETTLING.toNanos()) {
            standby = start(true);
        }
    }

    private @Nullable EngineChild start(boolean asStandby) {
        try {
            EngineChild child = launcher.start(asStandby, events);
            LOG.atInfo()
                    .addKeyValue("pid", child.pid())
                    .addKeyValue("standby", asStandby)
                    .log("An engine process is started.");
            IdentityCredentials own = credentials;
            if (own != null) {
                child.send(message(own));
            }
            return child;
        } catch (IOException e) {
            LOG.atError().setCause(e).log("No engine process can be started; trying again.");
            delayNext();
            return null;
        }
    }

    void renew(IdentityCredentials renewed) {
        credentials = renewed;
        Stream.of(active, standby).forEach(child -> {
            if (child != null) {
                child.send(message(renewed));
            }
        });
    }

    private static ToEngine message(IdentityCredentials own) {
        return ToEngine.newBuilder()
                .setCredentials(Credentials.newBuilder()
                        .setPrivateKey(ByteString.copyFrom(own.privateKeyDer()))
                        .addAllCertificateChain(bytes(own.chainDer()))
                        .addAllTrustBundle(bytes(own.trustBundleDer()))
                        .setIdentity(own.identity().uri()))
                .build();
    }

    private static List<ByteString> bytes(List<byte[]> der) {
        return der.stream().map(ByteString::copyFrom).toList();
    }

    boolean isActive(EngineChild child) {
        return child == active;
    }

    /// Forgets a child that has ended; if it was the working one, the standby takes over at once.
    ///
    /// @return whether it was the working one
    boolean ended(EngineChild child) {
        if (child == standby) {
            standby = null;
            return false;
        }
        if (child != active) {
            return false;
        }
        if (System.nanoTime() - activeSinceNanos < SHORT_LIFE.toNanos()) {
            delayNext();
        } else {
            pause = Duration.ZERO;
            notBeforeNanos = System.nanoTime();
        }
        active = standby;
        standby = null;
        trains = false;
        EngineChild next = active;
        if (next != null) {
            activeSinceNanos = System.nanoTime();
            next.send(ToEngine.newBuilder()
                    .setActivate(Activate.getDefaultInstance())
                    .build());
            LOG.atInfo().addKeyValue("pid", next.pid()).log("The standby takes over.");
        }
        return true;
    }

    private void delayNext() {
        pause = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
        if (pause.compareTo(LONGEST_PAUSE) > 0) {
            pause = LONGEST_PAUSE;
        }
        notBeforeNanos = System.nanoTime() + pause.toNanos();
    }

    /// Asks the working engine whether it is there, as often as is due.
    ///
    /// @return whether it has become silent, or has answered again, since the last call
    boolean ping() {
        EngineChild working = active;
        return working != null && working.up() != null && working.heartbeat().isChangedAt(System.nanoTime());
    }

    /// A child has answered.
    void answered(EngineChild child) {
        child.heartbeat().answered();
    }

    /// What the operator should know of the working engine; null while none is up.
    @Nullable
    EngineUp up() {
        EngineChild working = active;
        if (working == null) {
            return null;
        }
        EngineUp said = working.up();
        return said == null
                ? null
                : said.toBuilder()
                        .setStandbyReady(standby != null && standby.up() != null)
                        .setUnresponsive(working.heartbeat().isSilent())
                        .build();
    }

    /// Hands an order of the operator to the working engine.
    ///
    /// @return false when none is up
    boolean send(OperatorMessage order) {
        EngineChild working = active;
        if (working == null || working.up() == null) {
            return false;
        }
        working.send(ToEngine.newBuilder().setOperator(order).build());
        return true;
    }

    void killActive() {
        EngineChild working = active;
        if (working != null) {
            working.kill();
        }
    }

    /// From any thread, at the end of the supervisor.
    void killAll() {
        Stream.of(active, standby).forEach(child -> {
            if (child != null) {
                child.kill();
            }
        });
        launcher.removeSockets();
    }
}
