package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.drive.DriverContract;
import dev.pipelinejob.operator.drive.SlotDriver;
import dev.pipelinejob.operator.identity.SlotTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The driver with processes keeps the contract. Its supervisors note their process id and sleep.
class LocalSlotsIT extends DriverContract {
    private final List<LocalSlots> drivers = new ArrayList<>();
    private LocalJob job;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        job = new LocalJob(new JobFolder(folder), "default", "sample", "uid");
    }

    @AfterEach
    void leaveNothingRunning() {
        drivers.forEach(LocalSlots::killAll);
    }

    @Override
    protected SlotDriver driver() throws IOException {
        WorkerCommand command = new WorkerCommand(
                List.of("/bin/sh", "-c", "echo $$ >> pids; exec sleep 60"),
                Map.of("PATH", "/usr/bin:/bin"),
                job.folder().root());
        SlotTokens tokens = new SlotTokens(job.folder().secrets().resolve("tokens"));
        LocalSlots slots = new LocalSlots(job, command, tokens, Clock.systemUTC(), () -> {});
        slots.adopt();
        drivers.add(slots);
        return slots;
    }

    @Override
    protected int running(int slot) throws IOException {
        Path pids = job.folder().root().resolve("pids");
        if (!Files.exists(pids)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(pids)) {
            return Math.toIntExact(
                    lines.map(Long::parseLong).filter(RunFixture::alive).count());
        }
    }
}
