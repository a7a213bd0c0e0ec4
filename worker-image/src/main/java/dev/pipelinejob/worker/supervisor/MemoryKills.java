package dev.pipelinejob.worker.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private final List<Path> files;
    private long last;

    MemoryKills(List<Path> files) {
        this.files = List.copyOf(files);
        this.last = read();
    }

    static MemoryKills ofThisContainer() {
        return new MemoryKills(FILES);
    }

    /// Whether there was one since the last call.
    boolean hasGrown() {
        long now = read();
        boolean grown = now > last;
        last = now;
        return grown;
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
