package dev.pipelinejob.worker.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How often the kernel has killed a process of this container for its memory, as the container's cgroup counts it.
/// Where there is no such count, as outside a container, nothing is ever blamed on memory.
final class MemoryKills {
    /// cgroup v2, then v1, as a container sees its own.
    private static final List<Path> FILES =
            List.of(Path.of("/sys/fs/cgroup/memory.events"), Path.of("/sys/fs/cgroup/memory/memory.oom_control"));

    private static final Logger LOG = LoggerFactory.getLogger(MemoryKills.class);
    private static final String COUNTER = "oom_kill ";

    private static final int SIGKILL = 9;
    /// A kill whose process is not known to have ended by then was somebody else's.
    private static final long STALE_NANOS = Duration.ofSeconds(10).toNanos();

    private final List<Path> files;
    private long last;
    private long unexplained;
    private long seenNanos;

    MemoryKills(List<Path> files) {
        this.files = List.copyOf(files);
        this.last = read();
    }

    static MemoryKills ofThisContainer() {
        return new MemoryKills(FILES);
    }

    /// Whether a process of this container that was ended by this signal was one of them. One shortage may end several
    /// at once, of which each is asked about for itself.
    boolean explains(int signal, long nowNanos) {
        long count = read();
        if (nowNanos - seenNanos > STALE_NANOS) {
            unexplained = 0;
        }
        if (count > last) {
            unexplained += count - last;
            last = count;
            seenNanos = nowNanos;
        }
        boolean explained = signal == SIGKILL && unexplained > 0;
        if (explained) {
            unexplained--;
        }
        return explained;
    }

    private long read() {
        for (Path file : files) {
            if (Files.isReadable(file)) {
                return read(file);
            }
        }
        return 0;
    }

    private static long read(Path file) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(COUNTER)) {
                    return Long.parseLong(line.substring(COUNTER.length()).strip());
                }
            }
        } catch (IOException | NumberFormatException e) {
            LOG.atDebug().addKeyValue("file", file).setCause(e).log("This kernel's count cannot be read.");
        }
        return 0;
    }
}
