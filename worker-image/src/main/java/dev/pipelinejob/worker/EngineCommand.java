package dev.pipelinejob.worker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command line of an engine process: this process's own JVM, class path and native libraries.
final class EngineCommand {
    private EngineCommand() {}

    static List<String> line(List<String> furtherOptions) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                // The tensors live outside the heap; what is left for it is small, and one collector thread is enough.
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-XX:MaxDirectMemorySize=4g",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+DisplayVMOutputToStderr",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-Djava.library.path=" + System.getProperty("java.library.path", "")));
        line.addAll(furtherOptions);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "engine"));
        return line;
    }
}
