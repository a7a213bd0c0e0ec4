package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.drive.SlotDriver;
import dev.pipelinejob.operator.identity.SlotTokens;
import dev.pipelinejob.operator.lifecycle.Leftover;
import dev.pipelinejob.operator.lifecycle.Presence;
import dev.pipelinejob.operator.monitor.WorkerKey;
import dev.pipelinejob.operator.planning.AttemptRecord;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Slots as supervisor processes of this machine. Each one is recorded in a file before and after it is started, so
/// that the next driver finds it. One thread uses it.
final class LocalSlots implements SlotDriver {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSlots.class);
    /// A supervisor outlives its driver, so the keyboard's interrupt and the terminal's end are not for it.
    private static final String SHIELD = "trap '' INT HUP; exec \"$@\"";

    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(5);
    private static final Duration SHUTDOWN_LOOK = Duration.ofMillis(50);

    private final JobFolder folder;
    private final LocalJob job;
    private final WorkerCommand command;
    private final SlotTokens tokens;
    private final AttemptFiles attempts;
    private final Clock clock;
    private final Runnable onEnd;
    private final SortedMap<Integer, Held> bySlot = new TreeMap<>();

    /// @param process null when it ended before this driver looked
    private record Held(ProcessRecord file, @Nullable SlotProcess process, boolean released) {}

    LocalSlots(LocalJob job, WorkerCommand command, SlotTokens tokens, Clock clock, Runnable onEnd) {
        this.folder = job.folder();
        this.job = job;
        this.command = command;
        this.tokens = tokens;
        this.attempts = new AttemptFiles(folder.attempts());
        this.clock = clock;
        this.onEnd = onEnd;
    }

    /// Finds what an earlier driver started; returns the workers that are alive.
    List<WorkerKey> adopt() throws IOException {
        Files.createDirectories(folder.slots());
        Files.createDirectories(folder.logs());
        List<WorkerKey> alive = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.slots(), "slot-*.json")) {
            for (Path file : files) {
                ProcessRecord found = JsonFiles.read(file, ProcessRecord.class);
                SlotProcess process = SlotProcess.find(found);
                bySlot.put(found.slot(), new Held(found, process, false));
                if (process != null) {
                    WorkerKey worker = job.worker(found.slot(), found.incarnation());
                    tokens.remember(job.identity(worker));
                    process.onExit(onEnd);
                    alive.add(worker);
                    LOG.info("Adopted the supervisor of slot {}: pid {}.", found.slot(), found.pid());
                }
            }
        }
        return alive;
    }

    @Override
    public void start(int slot, int incarnation, String node) throws IOException {
        Held held = bySlot.get(slot);
        if (held != null && held.file().incarnation() >= incarnation) {
            return;
        }
        if (held != null) {
            retire(held);
        }
        ProcessRecord intent = new ProcessRecord(slot, incarnation, 0, clock.instant(), clock.instant());
        Files.createDirectories(folder.slots());
        JsonFiles.replace(file(slot), intent);
        bySlot.put(slot, new Held(intent, null, false));
        SlotProcess process =
                SlotProcess.child(slot, incarnation, launch(job.worker(slot, incarnation)), intent.since());
        JsonFiles.replace(file(slot), process.file());
        bySlot.put(slot, new Held(process.file(), process, false));
        process.onExit(onEnd);
    }

    private void retire(Held held) throws IOException {
        if (held.process() != null && held.process().isAlive()) {
            held.process().kill();
        }
        tokens.revoke(job.identity(job.worker(held.file().slot(), held.file().incarnation())));
    }

    private Process launch(WorkerKey worker) throws IOException {
        Path token = tokens.issue(job.identity(worker));
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", SHIELD, "sh"));
        line.addAll(command.command());
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.directory(command.workingFolder().toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(command.environment());
        environment.putAll(job.environment(worker, token));
        Files.createDirectories(folder.logs());
        Path log = log(worker.slot(), worker.incarnation());
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
    }

    @Override
    public void end(int slot, String reason) {
        Held held = bySlot.get(slot);
        if (held != null && !held.released()) {
            LOG.info("Ending the supervisor of slot {}: {}", slot, reason);
            bySlot.put(slot, new Held(held.file(), held.process(), true));
            if (held.process() != null) {
                held.process().end();
            }
        }
    }

    /// There is no node here that could be lost.
    @Override
    public void forceDelete(int slot, int incarnation) {}

    /// A process that was replaced or ended is killed when it does not end by itself.
    @Override
    public List<Leftover> leftovers() {
        return List.of();
    }

    /// Ends every process at once; what they had committed stays.
    void killAll() {
        bySlot.values().stream()
                .map(Held::process)
                .filter(process -> process != null && process.isAlive())
                .forEach(SlotProcess::kill);
    }

    /// Ends every process: those that were asked to end get a moment, the others are made to.
    void awaitEnd(Inbox inbox, String reason) throws InterruptedException {
        Instant deadline = clock.instant().plus(SHUTDOWN_LIMIT);
        while (anyAlive() && clock.instant().isBefore(deadline)) {
            List<DriverEvent> _ = inbox.await(SHUTDOWN_LOOK);
        }
        bySlot.keySet().forEach(slot -> end(slot, reason));
        killAll();
    }

    private boolean anyAlive() {
        return bySlot.values().stream()
                .anyMatch(held -> held.process() != null && held.process().isAlive());
    }

    @Override
    public SortedMap<Integer, Presence> presences() {
        SortedMap<Integer, Presence> presences = new TreeMap<>();
        bySlot.forEach((slot, held) -> presences.put(slot, presence(held)));
        return Collections.unmodifiableSortedMap(presences);
    }

    private Presence presence(Held held) {
        ProcessRecord file = held.file();
        SlotProcess process = held.process();
        if (process != null && process.isAlive()) {
            return new Presence.Up(file.incarnation(), file.since());
        }
        if (held.released()) {
            return new Presence.Absent();
        }
        if (process == null) {
            return new Presence.Gone(
                    file.incarnation(), -1, 0, "The supervisor ended while no driver watched it.", false);
        }
        String reason = process.signal() > 0
                ? "The supervisor was ended by signal " + process.signal() + "."
                : "The supervisor ended with exit code " + process.exitCode() + ".";
        return new Presence.Gone(
                file.incarnation(),
                process.exitCode(),
                process.signal(),
                reason,
                false,
                Presence.NO_NODE,
                List.of(),
                LogTail.of(log(file.slot(), file.incarnation())));
    }

    @Override
    public Claim claim(AttemptRecord wanted) throws IOException {
        return attempts.claim(wanted);
    }

    @Override
    public List<AttemptRecord> attempts() throws IOException {
        return attempts.all();
    }

    private Path log(int slot, int incarnation) {
        return folder.logs().resolve(slot + "-" + incarnation + ".log");
    }

    private Path file(int slot) {
        return folder.slots().resolve("slot-" + slot + ".json");
    }
}
