package dev.pipelinejob.operator.local;

import dev.pipelinejob.protocol.control.Committed;
import dev.pipelinejob.protocol.control.EngineUp;
import dev.pipelinejob.protocol.control.Finished;
import dev.pipelinejob.protocol.control.Hello;
import dev.pipelinejob.protocol.control.Inventory;
import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.control.Progress;
import dev.pipelinejob.protocol.control.Ready;
import dev.pipelinejob.protocol.control.RunningAttempt;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.control.WorkerPhase;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Counts steps instead of computing them. The store holds a folder a committed step and the losses' segments, as the
/// real one does, and nothing else.
final class FakeTraining {
    static final int STEP_MILLIS = 20;
    private static final String DATA_DIGEST = "d".repeat(64);

    /// Where the file system of a pod begins on this machine.
    private static final String ROOT = Objects.requireNonNullElse(System.getenv("FAKE_ROOT"), "");

    private final String jobUid;
    private final int slot;
    private final int incarnation;
    private @Nullable StreamObserver<WorkerMessage> out;
    private @Nullable Prepare prepared;
    private @Nullable Thread runner;
    private WorkerPhase phase = WorkerPhase.PREPARING;
    private int step;

    FakeTraining(String jobUid, int slot, int incarnation) {
        this.jobUid = jobUid;
        this.slot = slot;
        this.incarnation = incarnation;
    }

    static double loss(int step) {
        return 1.0 / (step + 2);
    }

    synchronized void connect(StreamObserver<WorkerMessage> stream) {
        out = stream;
        long pid = ProcessHandle.current().pid();
        Hello.Builder hello = Hello.newBuilder()
                .setJobUid(jobUid)
                .setSlot(slot)
                .setIncarnation(incarnation)
                .setSupervisorPid(pid)
                .setEngine(EngineUp.newBuilder()
                        .setPid(pid)
                        .setAddress("127.0.0.1:1")
                        .setNumericsFingerprint("fake"))
                .setInventory(inventory());
        Prepare attempt = prepared;
        if (attempt != null) {
            hello.setRunning(RunningAttempt.newBuilder()
                    .setAttempt(attempt.getAttempt())
                    .setDigest(attempt.getDigest())
                    .setRank(attempt.getRank())
                    .setPhase(phase)
                    .setStep(step));
        }
        send(WorkerMessage.newBuilder().setHello(hello));
    }

    synchronized void disconnect() {
        out = null;
    }

    private void send(WorkerMessage.Builder message) {
        StreamObserver<WorkerMessage> stream = out;
        if (stream != null) {
            try {
                stream.onNext(message.build());
            } catch (IllegalStateException _) {
                out = null;
            }
        }
    }

    synchronized void obey(OperatorMessage message) {
        switch (message.getBodyCase()) {
            case PREPARE -> prepare(message.getPrepare());
            case START -> start();
            case ABORT -> stop();
            case SHUTDOWN -> System.exit(0);
            case KILL_ENGINE -> Runtime.getRuntime().halt(9);
            case LEASE, PAUSE, ISSUED_CERTIFICATE, ALIVE, TRUST_BUNDLE, BODY_NOT_SET -> {}
        }
    }

    private void prepare(Prepare message) {
        stop();
        prepared = message;
        step = message.getResumeStep();
        phase = WorkerPhase.READY;
        send(WorkerMessage.newBuilder()
                .setReady(Ready.newBuilder()
                        .setAttempt(message.getAttempt())
                        .setDigest(message.getDigest())
                        .setDataDigest(DATA_DIGEST)));
    }

    private void stop() {
        if (runner != null) {
            runner.interrupt();
            runner = null;
        }
        prepared = null;
    }

    private void start() {
        Prepare attempt = prepared;
        if (attempt != null && runner == null) {
            phase = WorkerPhase.RUNNING;
            runner = Thread.startVirtualThread(() -> run(attempt));
        }
    }

    private void run(Prepare attempt) {
        int steps = attempt.getJob().getTraining().getSteps();
        try {
            for (int next = attempt.getResumeStep() + 1; next <= steps; next++) {
                do {
                    Thread.sleep(STEP_MILLIS);
                } while (next > lastAllowedStep(attempt));
                complete(attempt, next, next == steps);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void complete(Prepare attempt, int done, boolean last)
            throws IOException, InterruptedException {
        if (Thread.interrupted() || !attempt.equals(prepared)) {
            throw new InterruptedException();
        }
        step = done;
        boolean losses = attempt.getRank() == attempt.getPlan().getWorldSize() - 1;
        Progress.Builder progress = Progress.newBuilder()
                .setAttempt(attempt.getAttempt())
                .setStep(done)
                .setStepMicros(STEP_MILLIS * 1000L);
        if (losses) {
            record(attempt, done);
            progress.setLoss(loss(done));
        }
        send(WorkerMessage.newBuilder().setProgress(progress));
        if (losses && (last || done % attempt.getJob().getCheckpoint().getEverySteps() == 0)) {
            commit(attempt, done, last);
        }
        if (last) {
            phase = WorkerPhase.FINISHED;
            send(WorkerMessage.newBuilder()
                    .setFinished(Finished.newBuilder()
                            .setAttempt(attempt.getAttempt())
                            .setStep(done)));
        }
    }

    /// So that no test depends on how fast anything is: training waits before the step after the one that the store's
    /// file `hold` names.
    private static int lastAllowedStep(Prepare attempt) throws IOException {
        try {
            return Integer.parseInt(Files.readString(store(attempt).resolve("hold")));
        } catch (NoSuchFileException _) {
            return Integer.MAX_VALUE;
        }
    }

    private static void record(Prepare attempt, int done) throws IOException {
        Path segment = store(attempt).resolve("loss").resolve("attempt-" + attempt.getAttempt() + ".csv");
        Files.createDirectories(segment.getParent());
        Files.writeString(
                segment, done + "," + loss(done) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void commit(Prepare attempt, int done, boolean last) throws IOException {
        Files.createDirectories(store(attempt).resolve((last ? "final-" : "step-") + done));
        if (last) {
            Files.writeString(store(attempt).resolve("model.safetensors"), "model");
        }
        send(WorkerMessage.newBuilder()
                .setCommitted(Committed.newBuilder()
                        .setAttempt(attempt.getAttempt())
                        .setStep(done)
                        .setFinal(last)));
    }

    private static Path store(Prepare attempt) {
        return Path.of(ROOT + attempt.getJob().getCheckpoint().getDirectory());
    }

    private static Inventory inventory() {
        Path store = Path.of(ROOT + Objects.requireNonNull(System.getenv("PIPELINEJOB_CHECKPOINT_DIRECTORY")));
        Inventory.Builder inventory = Inventory.newBuilder();
        if (!Files.isDirectory(store)) {
            return inventory.build();
        }
        List<Integer> steps = new ArrayList<>();
        try (Stream<Path> entries = Files.list(store)) {
            for (String name :
                    entries.map(entry -> entry.getFileName().toString()).toList()) {
                if (name.startsWith("step-") || name.startsWith("final-")) {
                    steps.add(Integer.parseInt(name.substring(name.indexOf('-') + 1)));
                }
                if (name.startsWith("final-")) {
                    inventory.setFinalStep(steps.getLast());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        steps.sort(Comparator.reverseOrder());
        return inventory
                .addAllCommittedSteps(steps)
                .setDataDigest(steps.isEmpty() ? "" : DATA_DIGEST)
                .build();
    }
}
