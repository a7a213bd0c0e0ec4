package dev.pipelinejob.controlplane;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Finds the programs of the control plane, and has them built once where there are none.
final class ControlPlaneBinaries {
    private static final String SCRIPT = "scripts/control-plane/build.sh";
    /// A first build takes minutes on two cores.
    private static final long BUILD_LIMIT_MINUTES = 40;

    private ControlPlaneBinaries() {}

    /// The folder that holds kube-apiserver and etcd.
    ///
    /// @throws IllegalStateException with one sentence when there are none and none can be built
    static Path folder() throws IOException, InterruptedException {
        Path answer = Files.createTempFile("control-plane", ".answer");
        try {
            Process build = new ProcessBuilder(script().toString())
                    .redirectOutput(answer.toFile())
                    .redirectError(ProcessBuilder.Redirect.PIPE)
                    .start();
            String said = new String(build.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!build.waitFor(BUILD_LIMIT_MINUTES, TimeUnit.MINUTES) || build.exitValue() != 0) {
                build.destroy();
                throw new IllegalStateException(said.strip());
            }
            return Path.of(Files.readString(answer).strip());
        } finally {
            Files.delete(answer);
        }
    }

    private static Path script() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve(SCRIPT))) {
                return folder.resolve(SCRIPT);
            }
        }
        throw new IllegalStateException("No " + SCRIPT + " above " + Path.of("").toAbsolutePath() + ".");
    }
}
