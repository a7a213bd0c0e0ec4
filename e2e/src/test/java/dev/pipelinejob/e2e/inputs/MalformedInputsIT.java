package dev.pipelinejob.e2e.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a user gets wrong before any worker runs: a sentence, exit code 2, and nothing on the disk but a log.
class MalformedInputsIT {
    private static final int AT_LEAST = 30;

    private static final Path LOG = Path.of("logs", "driver.log");

    private static List<Path> filesIn(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            return tree.filter(Files::isRegularFile).map(directory::relativize).toList();
        }
    }

    static Stream<Mistake> mistakes() {
        return Mistakes.all();
    }

    @Test
    void theTableIsLongEnough() {
        assertThat(Mistakes.all().count()).isGreaterThanOrEqualTo(AT_LEAST);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void isToldInASentenceAndLeavesNothingBehind(Mistake mistake, @TempDir Path folder) throws Exception {
        List<String> arguments = mistake.arguments().in(folder);

        Command ended = Command.run(folder, arguments);

        Sentences.assertUserError(ended, mistake.words());
        assertThat(filesIn(folder.resolve("DIR"))).isSubsetOf(List.of(LOG));
        assertThat(Files.exists(Path.of("/proc/DIR"))).isFalse();
    }
}
