package dev.pipelinejob.worker.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Both forms in which kernels count processes that they killed for memory.
class MemoryKillsTest {
    private static final int KILL = 9;

    @TempDir
    private Path directory = Path.of(".");

    @Test
    void everyKillIsSeenOnce() throws IOException {
        Path events = Files.writeString(
                directory.resolve("memory.events"), "low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\noom_group_kill 0\n");
        MemoryKills kills = new MemoryKills(List.of(directory.resolve("absent"), events));

        assertThat(kills.explains(KILL, 0)).as("what was there before").isFalse();
        Files.writeString(events, "oom 2\noom_kill 2\n");
        assertThat(kills.explains(KILL, 0)).isTrue();
        assertThat(kills.explains(KILL, 0)).isFalse();
    }

    @Test
    void oneShortageExplainsAsManyEndsAsItCaused() throws IOException {
        Path events = Files.writeString(directory.resolve("memory.events"), "oom_kill 0\n");
        MemoryKills kills = new MemoryKills(List.of(events));

        Files.writeString(events, "oom_kill 2\n");

        assertThat(kills.explains(KILL, 0)).as("the standby").isTrue();
        assertThat(kills.explains(KILL, 1)).as("the engine").isTrue();
        assertThat(kills.explains(KILL, 2)).as("a third").isFalse();
    }

    @Test
    void anotherSignalAndALaterEndHaveOtherCauses() throws IOException {
        Path events = Files.writeString(directory.resolve("memory.events"), "oom_kill 0\n");
        MemoryKills kills = new MemoryKills(List.of(events));

        Files.writeString(events, "oom_kill 1\n");

        assertThat(kills.explains(15, 0)).isFalse();
        assertThat(kills.explains(KILL, Duration.ofSeconds(11).toNanos())).isFalse();
    }

    @Test
    void theOldFormIsReadToo() throws IOException {
        Path control = Files.writeString(directory.resolve("memory.oom_control"), "under_oom 0\noom_kill 0\n");
        MemoryKills kills = new MemoryKills(List.of(control));

        Files.writeString(control, "under_oom 1\noom_kill 1\n");
        assertThat(kills.explains(KILL, 0)).isTrue();
    }

    @Test
    void withoutACountNothingIsBlamedOnMemory() {
        assertThat(new MemoryKills(List.of(directory.resolve("absent"))).explains(KILL, 0))
                .isFalse();
    }
}
