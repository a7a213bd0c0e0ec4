package dev.pipelinejob.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The command that users type, against one cluster.
final class Kubectl {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Path command;
    private final Program program;

    Kubectl(Path command, Path kubeconfig) {
        this.command = command;
        this.program = new Program(Map.of("KUBECONFIG", kubeconfig.toString()), LIMIT);
    }

    /// Answers what it printed; it must succeed.
    String run(String... arguments) throws IOException, InterruptedException {
        return program.run(line(arguments));
    }

    /// Answers what it printed, also of a failure.
    Program.Answer ask(String... arguments) throws IOException, InterruptedException {
        return program.ask(line(arguments), "");
    }

    Program.Answer tryToApply(String yaml) throws IOException, InterruptedException {
        return program.ask(line("apply", "-f", "-"), yaml);
    }

    void apply(String yaml) throws IOException, InterruptedException {
        String _ = program.run(line("apply", "-f", "-"), yaml);
    }

    /// An object, or a list of them when no name is among the arguments.
    JsonNode get(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("get", "-o", "json"));
        all.addAll(List.of(arguments));
        return JSON.readTree(run(all.toArray(String[]::new)));
    }

    private List<String> line(String... arguments) {
        List<String> line = new ArrayList<>(List.of(command.toString()));
        line.addAll(List.of(arguments));
        return line;
    }
}
