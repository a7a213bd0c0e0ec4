package dev.pipelinejob.worker.supervisor;

import dev.pipelinejob.protocol.control.Draining;
import dev.pipelinejob.protocol.control.EngineExited;
import dev.pipelinejob.protocol.control.EngineUp;
import dev.pipelinejob.protocol.control.Hello;
import dev.pipelinejob.protocol.control.Inventory;
import dev.pipelinejob.protocol.control.Lease;
import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.control.Refused;
import dev.pipelinejob.protocol.control.RunningAttempt;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.engine.FromEngine;
import dev.pipelinejob.worker.config.SupervisorConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Connects operator and engine: one thread takes one event after the other. While the operator is away the engine
/// trains on; while an engine is away the operator is told why.
public final class Supervisor {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final int MAXIMUM_EVENTS = 100_000;
    private static final int SIGNAL_BASE = 128;
    private static final int LAST_SIGNAL = 64;

    private final SupervisorConfig config;
    private final BlockingQueue<SupervisorEvent> events = new LinkedBlockingQueue<>(MAXIMUM_EVENTS);
    private final Engines engines;
    private final OperatorLink link;
    private final RunningState running = new RunningState();
    private final StoreInventory inventory;
    private final RankFile rank;
    private final MemoryKills memoryKills = MemoryKills.ofThisContainer();
    private long operatorHeardNanos = System.nanoTime();
    private long leaseEndNanos = System.nanoTime();
    private int session;
    private boolean inventoryIsOwed;
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Consumer<WorkerMessage> send;
    private @Nullable Draining draining;
    private @Nullable Ending ending;

    /// Why a supervisor ends.
    public enum Ending {
        /// The operator said so.
        SHUTDOWN,
        /// There was no operator for longer than the limit.
        ORPHANED,
        /// A newer incarnation of the slot is at work: this one would never be let in again.
        SUPERSEDED
    }

    public Supervisor(SupervisorConfig config, Clock clock, EngineLauncher launcher) {
        this.config = config;
        this.engines = new Engines(launcher, config.standby(), this::post);
        this.link = new OperatorLink(config, clock, this::post);
        this.inventory = new StoreInventory(config.checkpointDirectory());
        this.rank = new RankFile(config.rankFile());
    }

    private void post(SupervisorEvent event) {
        if (!events.offer(event)) {
            LOG.atWarn().addKeyValue("limit", MAXIMUM_EVENTS).log("The supervisor is overrun; an event is dropped.");
        }
    }

    /// Works until the operator ends it or has been away for too long; the engines are gone when it returns.
    public Ending run() throws InterruptedException {
        // The engine first: it starts while this process enrols.
        engines.ensureActive();
        Thread operator = Thread.ofPlatform().daemon().name("operator-link").start(link);
        try {
            while (ending == null) {
                SupervisorEvent event = events.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
                handle(event == null ? new SupervisorEvent.Tick() : event);
                engines.ensureActive();
                engines.ensureStandby();
            }
            return ending;
        } finally {
            operator.interrupt();
            engines.killAll();
            ended.countDown();
        }
    }

    /// From any thread: tells the operator that this worker has to end, and lets it train on until the operator ends
    /// it, but not longer than `limit`.
    public void drain(String reason, Duration limit) {
        post(new SupervisorEvent.AskedToEnd(reason));
        try {
            if (!ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atWarn().addKeyValue("seconds", limit.toSeconds()).log("This worker ends before it was let go.");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// From any thread: ends the engine processes at once, for a process that is about to end.
    public void killEngines() {
        engines.killAll();
    }

    private void handle(SupervisorEvent event) {
        switch (event) {
            case SupervisorEvent.Enrolled enrolled -> engines.renew(enrolled.credentials());
            case SupervisorEvent.SessionOpened opened -> greet(opened);
            case SupervisorEvent.SessionClosed closed -> {
                if (closed.number() == session) {
                    send = null;
                    LOG.atWarn().addKeyValue("reason", closed.reason()).log("The operator's stream ended.");
                }
            }
            case SupervisorEvent.Superseded superseded -> {
                LOG.atError().addKeyValue("reason", superseded.reason()).log("This worker is replaced and ends.");
                ending = Ending.SUPERSEDED;
            }
            case SupervisorEvent.OperatorSaid said -> {
                operatorHeardNanos = System.nanoTime();
                obey(said.message());
            }
            case SupervisorEvent.EngineSaid said -> hear(said.child(), said.message());
            case SupervisorEvent.EngineEnded ended -> engineEnded(ended.child(), ended.exitCode());
            case SupervisorEvent.AskedToEnd asked -> {
                LOG.atWarn().addKeyValue("reason", asked.reason()).log("This worker is asked to end.");
                draining = Draining.newBuilder().setReason(asked.reason()).build();
                tell(WorkerMessage.newBuilder().setDraining(draining));
            }
            case SupervisorEvent.Tick _ -> tick();
        }
    }

    private void tick() {
        if (System.nanoTime() - operatorHeardNanos > config.orphanLimit().toNanos()) {
            LOG.atError()
                    .addKeyValue("seconds", config.orphanLimit().toSeconds())
                    .log("No operator has been heard of for too long: this worker ends.");
            ending = Ending.ORPHANED;
        }
        if (engines.ping()) {
            tellEngineUp();
        }
        if (inventoryIsOwed && send != null) {
            Optional<Inventory> found = inventory.take();
            inventoryIsOwed = found.isEmpty();
            found.ifPresent(taken -> tell(WorkerMessage.newBuilder().setInventory(taken)));
        }
    }

    private void greet(SupervisorEvent.SessionOpened opened) {
        session = opened.number();
        send = opened.send();
        Hello.Builder hello = Hello.newBuilder()
                .setJobUid(config.slot().jobUid())
                .setSlot(config.slot().number())
                .setIncarnation(config.slot().incarnation())
                .setSupervisorPid(ProcessHandle.current().pid());
        EngineUp up = engines.up();
        if (up != null) {
            hello.setEngine(up);
        }
        RunningAttempt attempt = running.now();
        if (attempt != null) {
            hello.setRunning(attempt);
        }
        if (draining != null) {
            hello.setDraining(draining);
        }
        Optional<Inventory> found = inventory.take();
        inventoryIsOwed = found.isEmpty();
        found.ifPresent(hello::setInventory);
        tell(WorkerMessage.newBuilder().setHello(hello));
    }

    private void obey(OperatorMessage order) {
        switch (order.getBodyCase()) {
            case PREPARE -> prepare(order, order.getPrepare());
            case START -> {
                running.started(order.getStart().getAttempt());
                engines.send(order);
            }
            case ABORT, PAUSE -> engines.send(order);
            case LEASE -> {
                leaseEndNanos = System.nanoTime()
                        + TimeUnit.SECONDS.toNanos(order.getLease().getSeconds());
                engines.send(order);
            }
            case KILL_ENGINE -> {
                LOG.atWarn()
                        .addKeyValue("reason", order.getKillEngine().getReason())
                        .log("The operator has the engine killed.");
                engines.killActive();
            }
            case SHUTDOWN -> {
                LOG.atInfo()
                        .addKeyValue("reason", order.getShutdown().getReason())
                        .log("The operator ends this worker.");
                ending = Ending.SHUTDOWN;
            }
            case ISSUED_CERTIFICATE, ALIVE, TRUST_BUNDLE, BODY_NOT_SET ->
                LOG.warn("The operator said something that this worker does not know.");
        }
    }

    private void prepare(OperatorMessage order, Prepare request) {
        inventory.use(Path.of(request.getJob().getCheckpoint().getDirectory()));
        if (engines.send(order)) {
            running.preparing(request);
            rank.tell(request);
            return;
        }
        tell(WorkerMessage.newBuilder()
                .setRefused(Refused.newBuilder()
                        .setAttempt(request.getAttempt())
                        .setReason(Refused.Reason.BUSY)
                        .setDetail("No engine process is up here yet.")));
    }

    private void hear(EngineChild child, FromEngine message) {
        switch (message.getBodyCase()) {
            case ENGINE_UP -> {
                child.becomeUp(message.getEngineUp());
                LOG.atInfo().addKeyValue("pid", child.pid()).log("An engine process is ready.");
                if (engines.isActive(child)) {
                    passLeaseOn();
                }
                tellEngineUp();
            }
            case WORKER -> {
                if (engines.isActive(child)) {
                    running.heard(message.getWorker());
                    tell(message.getWorker().toBuilder());
                    if (message.getWorker().hasProgress()) {
                        engines.trains();
                    }
                }
            }
            case PONG -> engines.answered(child);
            case BODY_NOT_SET -> LOG.warn("An engine process said something that its supervisor does not know.");
        }
    }

    private void engineEnded(EngineChild child, int exitCode) {
        int signal = exitCode > SIGNAL_BASE && exitCode <= SIGNAL_BASE + LAST_SIGNAL ? exitCode - SIGNAL_BASE : 0;
        boolean outOfMemory = memoryKills.explains(signal, System.nanoTime());
        LOG.atWarn()
                .addKeyValue("pid", child.pid())
                .addKeyValue("exitCode", exitCode)
                .addKeyValue("signal", signal)
                .log("An engine process ended.");
        if (!engines.ended(child)) {
            tellEngineUp();
            return;
        }
        running.engineIsFresh();
        tell(WorkerMessage.newBuilder()
                .setEngineExited(EngineExited.newBuilder()
                        .setPid(child.pid())
                        .setExitCode(exitCode)
                        .setSignal(signal)
                        .setLogTail(child.logTail())
                        .setOutOfMemory(outOfMemory)));
        passLeaseOn();
        tellEngineUp();
    }

    /// An engine that takes over has not heard of the lease.
    private void passLeaseOn() {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(leaseEndNanos - System.nanoTime());
        if (seconds > 0) {
            engines.send(OperatorMessage.newBuilder()
                    .setLease(Lease.newBuilder().setSeconds(seconds))
                    .build());
        }
    }

    private void tellEngineUp() {
        EngineUp up = engines.up();
        if (up != null) {
            tell(WorkerMessage.newBuilder().setEngineUp(up));
        }
    }

    /// Says something if there is an operator; one that comes later learns all that still matters by Hello.
    private void tell(WorkerMessage.Builder message) {
        Consumer<WorkerMessage> open = send;
        if (open == null) {
            return;
        }
        try {
            open.accept(message.build());
        } catch (IllegalStateException e) {
            // The stream ended between its last message and the event that says so.
            LOG.atDebug().setCause(e).log("A report met a closed stream.");
        }
    }
}
