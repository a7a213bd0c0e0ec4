package dev.pipelinejob.worker.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Both forms in which kernels count processes that they killed for memory.
class MemoryKillsTest {
    @TempDir
    private Path directory = Path.of(".");

    @Test
    void everyKillIsSeenOnce() throws IOException {
        Path events = Files.writeString(
                directory.resolve("memory.events"), "low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\noom_group_kill 0\n");
        MemoryKills kills = new MemoryKills(List.of(directory.resolve("absent"), events));

        assertThat(kills.hasGrown()).as("what was there before").isFalse();
        Files.writeString(events, "oom 2\noom_kill 2\n");
        assertThat(kills.hasGrown()).isTrue();
        assertThat(kills.hasGrown()).isFalse();
    }

    @Test
    void theOldFormIsReadToo() throws IOException {
        Path control = Files.writeString(directory.resolve("memory.oom_control"), "under_oom 0\noom_kill 0\n");
        MemoryKills kills = new MemoryKills(List.of(control));

        Files.writeString(control, "under_oom 1\noom_kill 1\n");
        assertThat(kills.hasGrown()).isTrue();
    }

    @Test
    void withoutACountNothingIsBlamedOnMemory() {
        assertThat(new MemoryKills(List.of(directory.resolve("absent"))).hasGrown())
                .isFalse();
    }
}
