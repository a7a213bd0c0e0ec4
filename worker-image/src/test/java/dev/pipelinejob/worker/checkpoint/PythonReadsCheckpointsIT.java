package dev.pipelinejob.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Python's own safetensors, installed into a virtual environment below `target`, reads what we write.
class PythonReadsCheckpointsIT {
    private static final Path ENVIRONMENT = Path.of("target", "python");
    private static final Path PYTHON =
            ENVIRONMENT.resolve("bin").resolve("python").toAbsolutePath();
    private static final String PRINT_ALL = """
            import sys
            from safetensors import safe_open
            with safe_open(sys.argv[1], framework="numpy") as file:
                for name in sorted(file.keys()):
                    tensor = file.get_tensor(name)
                    print(name, tensor.dtype, "x".join(map(str, tensor.shape)), tensor.tobytes().hex())
            """;

    @BeforeAll
    static void installSafetensors() throws IOException, InterruptedException {
        if (Files.exists(ENVIRONMENT.resolve("complete"))) {
            return;
        }
        try {
            run("python3", "-m", "venv", ENVIRONMENT.toString());
        } catch (IOException absent) {
            throw new IllegalStateException(
                    "This test needs python3 with venv on the PATH, as the README's prerequisites say.", absent);
        }
        run(PYTHON.toString(), "-m", "pip", "install", "--quiet", "safetensors", "numpy");
        Files.createFile(ENVIRONMENT.resolve("complete"));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s: %s", String.join(" ", command), output)
                .isZero();
        return output;
    }

    private static List<String> expected(List<String> names, int step) {
        List<String> lines = new ArrayList<>();
        Samples.tensors(0, Samples.LAYERS).stream()
                .filter(tensor -> names.contains(tensor.name()))
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .forEach(tensor -> {
                    String shape = tensor.shape().size() == 2 ? "3x5" : "3";
                    String data = HexFormat.of().formatHex(Samples.bytes(step, tensor));
                    lines.add(tensor.name() + " float32 " + shape + " " + data);
                });
        return lines;
    }

    @Test
    void partsAndModelReadTheSameInPython(@TempDir Path directory) throws IOException, InterruptedException {
        CheckpointStore store = new CheckpointStore(directory, () -> true);
        List<Part> parts = Samples.writeParts(store, 7, 1, 2);
        store.commit(Samples.manifest(7, 1, parts, true));

        for (Part part : parts) {
            String file = directory.resolve("step-7").resolve(part.file()).toString();
            assertThat(run(PYTHON.toString(), "-c", PRINT_ALL, file).lines())
                    .containsExactlyElementsOf(expected(part.tensors(), 7));
        }
        String model = store.modelFile().toString();
        assertThat(run(PYTHON.toString(), "-c", PRINT_ALL, model).lines())
                .containsExactlyElementsOf(expected(Samples.parameters(0, Samples.LAYERS), 7));
    }
}
