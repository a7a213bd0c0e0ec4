package dev.pipelinejob.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Processes of a pod as this machine sees them: found by the control group that carries the pod's UID.
final class PodProcesses {
    private static final List<Path> HIERARCHIES = List.of(Path.of("/sys/fs/cgroup/pids"), Path.of("/sys/fs/cgroup"));

    /// In `/proc/PID/stat`, counted from the state.
    private static final int START_FIELD = 19;

    private static final long TICKS_A_SECOND = 100;
    private static final long MILLIS_A_SECOND = 1000;

    private PodProcesses() {}

    /// The first process of a worker's pod.
    static long supervisor(String podUid) throws IOException {
        return first(podUid, "supervisor");
    }

    /// The engine that trains: a standby is always younger.
    static long engine(String podUid) throws IOException {
        return first(podUid, "engine");
    }

    /// The oldest process that was started with a word as its last argument.
    static long first(String podUid, String mode) throws IOException {
        return find(podUid, mode)
                .orElseThrow(() -> new AssertionError("Pod " + podUid + " has no process that is its " + mode + "."));
    }

    /// The same; empty when there is none yet.
    static Optional<Long> find(String podUid, String mode) throws IOException {
        return of(podUid).stream().filter(pid -> ranWith(pid, mode)).min(Comparator.comparing(PodProcesses::began));
    }

    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /// When a process was started, to the hundredth of a second.
    static Instant startedAt(long pid) throws IOException {
        String fields = Files.readString(Path.of("/proc/" + pid + "/stat"));
        long ticks =
                Long.parseLong(fields.substring(fields.lastIndexOf(')') + 2).split(" ", -1)[START_FIELD]);
        String uptime = Files.readString(Path.of("/proc/uptime"));
        double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
        long ago = Math.round(seconds * MILLIS_A_SECOND) - ticks * MILLIS_A_SECOND / TICKS_A_SECOND;
        return Instant.now().minusMillis(ago);
    }

    /// All processes of all containers.
    static List<Long> of(String podUid) throws IOException {
        List<Long> pids = new ArrayList<>();
        for (Path group : groups(podUid)) {
            try (Stream<Path> files = Files.walk(group)) {
                for (Path file : files.filter(f -> f.endsWith("cgroup.procs")).toList()) {
                    Files.readAllLines(file).stream().map(Long::valueOf).forEach(pids::add);
                }
            } catch (NoSuchFileException gone) {
                // The pod ends while we look: what is left of it counts.
            }
        }
        return pids;
    }

    private static List<Path> groups(String podUid) throws IOException {
        Path root = HIERARCHIES.stream()
                .map(hierarchy -> hierarchy.resolve("pipelinejob"))
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow(() -> new AssertionError("No cluster of our own runs on this machine."));
        try (Stream<Path> folders = Files.find(root, 6, (path, _) -> path.endsWith("pod" + podUid))) {
            return folders.toList();
        }
    }

    private static boolean ranWith(long pid, String mode) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().arguments())
                .filter(arguments -> arguments.length > 0 && arguments[arguments.length - 1].equals(mode))
                .isPresent();
    }

    private static long began(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().startInstant())
                .map(start -> start.toEpochMilli())
                .orElse(Long.MAX_VALUE);
    }
}
