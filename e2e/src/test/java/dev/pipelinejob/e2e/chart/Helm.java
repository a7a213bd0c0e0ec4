package dev.pipelinejob.e2e.chart;

import dev.pipelinejob.controlplane.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The command that users type, against one control plane.
final class Helm {
    private static final Path CHECKOUT =
            Path.of(System.getProperty("checkout", "")).toAbsolutePath();
    /// A first use builds Helm, and Kubernetes beside it.
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(40);

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final ControlPlane plane;
    private final String program;
    private final Path folder;

    /// @param folder takes what commands print, and Helm's own files
    Helm(ControlPlane plane, Path folder) throws IOException, InterruptedException {
        this.plane = plane;
        this.folder = folder;
        String build = CHECKOUT.resolve("scripts/control-plane/build.sh").toString();
        program = output(List.of(build, "cluster"), BUILD_LIMIT).strip() + "/helm";
    }

    /// The chart of this checkout.
    static Path chart() {
        return CHECKOUT.resolve("helm/pipelinejob");
    }

    /// A copy that may be changed.
    Path copyOfChart() throws IOException {
        Path copy = Files.createTempDirectory(folder, "chart");
        try (Stream<Path> files = Files.walk(chart())) {
            files.skip(1).forEach(file -> {
                try {
                    Path _ = Files.copy(file, copy.resolve(chart().relativize(file)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return copy;
    }

    /// Answers what it printed; it must succeed.
    String run(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(program));
        line.addAll(List.of(arguments));
        line.addAll(List.of(
                "--kube-apiserver", plane.url().toString(),
                "--kube-token", plane.token(),
                "--kube-ca-file", plane.certificate().toString()));
        return output(line, LIMIT);
    }

    private String output(List<String> line, Duration limit) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("KUBECONFIG", "/dev/null");
        Process process = builder.start();
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(line.getFirst() + " did not end within " + limit.toSeconds() + " s.");
        }
        if (process.exitValue() != 0) {
            throw new AssertionError(String.join(" ", line.subList(0, Math.min(4, line.size()))) + " ended with "
                    + process.exitValue() + ": " + Files.readString(err, StandardCharsets.UTF_8));
        }
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
