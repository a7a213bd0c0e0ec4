package dev.pipelinejob.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What of a cluster is still on this machine: nothing, after its end.
final class Leftovers {
    private static final Program PROGRAM = new Program(Map.of(), Duration.ofSeconds(10));

    private Leftovers() {}

    /// One line a thing: control groups (and so processes), links, network namespaces, mounts.
    static List<String> find() throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> groups =
                Files.find(Path.of("/sys/fs/cgroup"), 2, (path, _) -> path.endsWith("pipelinejob"))) {
            groups.map(Path::toString).forEach(found::add);
        }
        PROGRAM.run(List.of("ip", "-oneline", "link"))
                .lines()
                .filter(link -> link.contains(" pj-") || link.contains(" pipelinejob"))
                .forEach(found::add);
        PROGRAM.run(List.of("ip", "netns"))
                .lines()
                .filter(name -> name.startsWith("node-") || name.startsWith("cni-"))
                .forEach(found::add);
        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(mount -> mount.contains(Cluster.state().toString()))
                .forEach(found::add);
        return found;
    }
}
