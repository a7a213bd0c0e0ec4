package dev.pipelinejob.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// The demo's job, `examples/char-gpt.yaml`, with more steps than anybody waits for and no back-off.
///
/// @param name the resource's
/// @param lingerSeconds how long each pod goes on when it is asked to end, as if it did not hear
/// @param spares workers that stand by
record DemoJob(String name, int lingerSeconds, int spares) {
    /// As the example says.
    static final int EVERY_STEPS = 20;

    private static final String SOURCES = "java.base/java/util/";

    String yaml() throws IOException {
        String example = Files.readString(Cluster.checkout().resolve("examples/char-gpt.yaml"));
        String linger = lingerSeconds == 0 ? "" : "lifecycle: {preStop: {sleep: {seconds: " + lingerSeconds + "}}}, ";
        return example.replace("name: char-gpt", "name: " + name).replace("steps: 120", "steps: 100000")
                + """
                  failurePolicy: {maxRestarts: 1000, quarantineSeconds: 0, backoff: {initialSeconds: 0, maxSeconds: 0}}
                  workerPools:
                    - name: cpus
                      spares: %d
                      template:
                        spec:
                          containers: [{name: worker, %sresources: {requests: {cpu: 700m, memory: 256Mi}}}]
                """.formatted(spares, linger);
    }

    /// The demo's text, the JDK's own sources, where pods look for it.
    static void writeCorpus(Path dataVolume) throws IOException {
        Path folder = Files.createDirectories(dataVolume.resolve("corpus"));
        try (ZipFile zip = new ZipFile(
                Path.of(System.getProperty("java.home"), "lib", "src.zip").toFile())) {
            List<? extends ZipEntry> sources = zip.stream()
                    .filter(entry -> entry.getName().startsWith(SOURCES)
                            && entry.getName().endsWith(".java")
                            && entry.getName().indexOf('/', SOURCES.length()) < 0)
                    .toList();
            for (ZipEntry source : sources) {
                Path file = folder.resolve(source.getName().substring(SOURCES.length()));
                Files.copy(zip.getInputStream(source), file, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
