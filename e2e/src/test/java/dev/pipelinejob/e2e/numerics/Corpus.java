package dev.pipelinejob.e2e.numerics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Real prose to train on: the licence of this project.
final class Corpus {
    private Corpus() {}

    static Path write(Path folder) throws IOException {
        return Files.copy(Path.of(System.getProperty("checkout"), "LICENSE"), folder.resolve("corpus.txt"));
    }
}
