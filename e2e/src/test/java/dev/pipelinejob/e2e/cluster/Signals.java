package dev.pipelinejob.e2e.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What a process can be sent, wherever it runs.
final class Signals {
    private static final Program PROGRAM = new Program(Map.of(), Duration.ofSeconds(5));

    private Signals() {}

    static void kill(long pid) throws IOException, InterruptedException {
        send("KILL", pid);
    }

    /// @param name such as STOP or CONT
    static void send(String name, long pid) throws IOException, InterruptedException {
        String _ = PROGRAM.run(List.of("kill", "-" + name, Long.toString(pid)));
    }
}
