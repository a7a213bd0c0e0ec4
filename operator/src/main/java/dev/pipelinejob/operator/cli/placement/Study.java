package dev.pipelinejob.operator.cli.placement;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A suite that has a table of its own.
interface Study {
    /// What a study is given.
    ///
    /// @param folder the inputs
    /// @param seed of what is made at random
    /// @param out where its table goes
    /// @param rows where its figures go
    record Bench(Path folder, long seed, PrintWriter out, ArrayNode rows) {}

    /// Runs it; whether everything held that must hold.
    boolean run(Bench bench) throws IOException;

    /// The study of a name; null when the name is no study's.
    static @Nullable Study named(String word) {
        return switch (word) {
            case "failure" -> new FailureStudy();
            case "simulation" -> new SimulationStudy();
            default -> null;
        };
    }
}
