package dev.pipelinejob.worker.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What real processes say.
@Timeout(60)
class EngineLogIT {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    private String run(String script, @Nullable PrintStream echo) throws Exception {
        EngineLog log = new EngineLogs(folder, "slot-0-1", echo).of(1);
        Process process = new ProcessBuilder("sh", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(log.redirect())
                .start();
        log.follow(process);
        process.waitFor();
        log.awaitEnd();
        return log.tail();
    }

    private PrintStream echo() {
        return new PrintStream(output, true, StandardCharsets.UTF_8);
    }

    private String[] echoed() {
        return output.toString(StandardCharsets.UTF_8).split("\n", -1);
    }

    @Test
    void everyLineIsSaidAgainAndMarkedAndTheLastOnesOfAKilledProcessAreThere() throws Exception {
        String tail = run("echo one; echo two >&2; printf three; kill -9 $$", echo());

        assertThat(tail).isEqualTo("one\ntwo\nthree");
        assertThat(echoed()[0]).matches("engine \\d+ \\| one");
        assertThat(echoed()[1]).endsWith("| two");
        assertThat(echoed()[2]).endsWith("| three");
        assertThat(echoed()).hasSize(4);
    }

    @Test
    void aLineWithoutEndComesInPieces() throws Exception {
        String tail = run("head -c 20000 /dev/zero | tr '\\0' x", echo());

        assertThat(tail).hasSize(LogTail.MAXIMUM_BYTES);
        assertThat(echoed()).hasSize(4);
        assertThat(String.join("", echoed()).chars().filter(each -> each == 'x'))
                .hasSize(20_000);
    }

    @Test
    void withoutEchoTheFileIsTheProcessesOwn() throws Exception {
        assertThat(run("echo one", null)).isEqualTo("one\n");
        assertThat(output.size()).isZero();
    }
}
