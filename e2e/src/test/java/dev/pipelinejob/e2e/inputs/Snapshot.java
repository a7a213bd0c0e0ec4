package dev.pipelinejob.e2e.inputs;

import dev.pipelinejob.e2e.processes.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What a folder holds: every file by name and content.
///
/// @param files digest by relative path
record Snapshot(SortedMap<String, String> files) {
    /// The driver's own journal of starts, and the record of who holds the folder.
    private static final Set<String> MAY_CHANGE = Set.of("lock", "logs/driver.log");

    static Snapshot of(Path folder) throws IOException {
        TreeMap<String, String> files = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                if (!MAY_CHANGE.contains(name)) {
                    files.put(name, Digests.sha256(file));
                }
            }
        }
        return new Snapshot(files);
    }
}
