package dev.pipelinejob.e2e.chart;

import dev.pipelinejob.controlplane.ControlPlane;
import dev.pipelinejob.e2e.cluster.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /// @param folder takes copies of the chart
    Helm(ControlPlane plane, Path folder) throws IOException, InterruptedException {
        this.plane = plane;
        this.folder = folder;
        String build = CHECKOUT.resolve("scripts/control-plane/build.sh").toString();
        program = new Program(Map.of(), BUILD_LIMIT)
                        .run(List.of(build, "cluster"))
                        .strip() + "/helm";
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
        return new Program(Map.of("KUBECONFIG", "/dev/null"), LIMIT).run(line);
    }
}
