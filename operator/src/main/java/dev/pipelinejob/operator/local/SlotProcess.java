package dev.pipelinejob.operator.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One supervisor process, our child or one that an earlier driver left behind.
final class SlotProcess {
    private static final Duration KILL_AFTER = Duration.ofSeconds(5);
    /// The kernel's clock and the wall clock drift apart by less than this between two looks at one process.
    private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

    private static final int UNKNOWN_EXIT = -1;
    private static final int SIGNAL_BASE = 128;

    private final ProcessRecord file;
    private final ProcessHandle handle;
    private final @Nullable Process child;

    private SlotProcess(ProcessRecord file, ProcessHandle handle, @Nullable Process child) {
        this.file = file;
        this.handle = handle;
        this.child = child;
    }

    static SlotProcess child(int slot, int incarnation, Process child, Instant since) {
        Instant start = child.info().startInstant().orElse(since);
        return new SlotProcess(
                new ProcessRecord(slot, incarnation, child.pid(), start, since), child.toHandle(), child);
    }

    /// Finds the process of a record, or returns null when it has ended.
    static @Nullable SlotProcess find(ProcessRecord file) {
        Optional<ProcessHandle> handle = file.pid() == 0 ? Optional.empty() : ProcessHandle.of(file.pid());
        return handle.filter(found -> isSame(found, file) && isAlive(found))
                .map(found -> new SlotProcess(file, found, null))
                .orElse(null);
    }

    private static boolean isSame(ProcessHandle found, ProcessRecord file) {
        return found.info()
                .startInstant()
                .map(start -> Duration.between(start, file.processStart()).abs().compareTo(START_TOLERANCE) <= 0)
                .orElse(false);
    }

    ProcessRecord file() {
        return file;
    }

    boolean isAlive() {
        return child != null ? child.isAlive() : isAlive(handle);
    }

    /// A process that ended and that nobody has waited for is still listed, but it is dead.
    private static boolean isAlive(ProcessHandle handle) {
        if (!handle.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(
                    Path.of("/proc", Long.toString(handle.pid()), "stat"), StandardCharsets.ISO_8859_1);
            return !stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException _) {
            return handle.isAlive();
        }
    }

    /// Its exit code, 128 + signal when a signal ended it; -1 when another driver started it.
    int exitCode() {
        return child == null ? UNKNOWN_EXIT : child.exitValue();
    }

    int signal() {
        return Math.max(0, exitCode() - SIGNAL_BASE);
    }

    void onExit(Runnable action) {
        CompletableFuture<Void> _ = handle.onExit().thenRun(action);
    }

    /// Asks it to end, and makes it when it does not within a limit.
    void end() {
        if (isAlive()) {
            handle.destroy();
            CompletableFuture<ProcessHandle> _ = handle.onExit()
                    .orTimeout(KILL_AFTER.toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(_ -> {
                        kill();
                        return handle;
                    });
        }
    }

    /// Ends it and its children at once.
    void kill() {
        List<ProcessHandle> children = handle.descendants().toList();
        handle.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
