package dev.pipelinejob.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What all operators of the own cluster have printed, as the nodes keep it, also those that were killed.
///
/// @param lines oldest first
record OperatorLog(List<Line> lines) {
    private static final String FOLDER = Operator.NAMESPACE + "_";
    private static final int DEPTH = 6;

    /// @param at when the node got it
    record Line(Instant at, String text) {}

    static OperatorLog since(Instant begin) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (Node node : Cluster.nodes()) {
            Path pods = Cluster.state().resolve(node.name()).resolve("pods");
            try (Stream<Path> files = Files.find(pods, DEPTH, (file, _) -> isOperators(file))) {
                for (Path file : files.toList()) {
                    Files.readAllLines(file).stream()
                            .map(OperatorLog::line)
                            .filter(line -> !line.at().isBefore(begin))
                            .forEach(lines::add);
                }
            }
        }
        lines.sort(Comparator.comparing(Line::at));
        return new OperatorLog(List.copyOf(lines));
    }

    private static boolean isOperators(Path file) {
        return file.toString().contains(FOLDER) && file.toString().endsWith(".log");
    }

    /// As containers' logs are kept: time, stream, whether the line is whole, the line.
    private static Line line(String kept) {
        String[] parts = kept.split(" ", 4);
        return new Line(Instant.parse(parts[0]), parts.length < 4 ? "" : parts[3]);
    }

    /// When a text was first printed, from a moment on.
    Optional<Instant> first(Instant from, String text) {
        return lines.stream()
                .filter(line -> !line.at().isBefore(from) && line.text().contains(text))
                .map(Line::at)
                .findFirst();
    }
}
