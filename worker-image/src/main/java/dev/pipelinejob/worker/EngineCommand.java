package dev.pipelinejob.worker;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;

/// The command line of an engine process: this process's own JVM, class path and native libraries.
final class EngineCommand {
    private EngineCommand() {}

    /// @param mode what the process is started for, see [Main]
    static List<String> line(List<String> furtherOptions, String mode) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                // The tensors live outside the heap; what is left for it is small, and one collector thread is enough.
                "-XX:+UseSerialGC",
                // What the compilers do early they take from a start; ten times as late costs the first hundred steps.
                "-XX:CompileThresholdScaling=3",
                "-Xmx512m",
                "-XX:MaxDirectMemorySize=4g",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+DisplayVMOutputToStderr",
                // What is called by reflection here is called once or twice: no code is worth to be made for it.
                "-Djdk.reflect.useNativeAccessorOnly=true",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-Djava.library.path=" + nativeLibraries()));
        Path cache = beside("aot/engine.aot");
        if (Files.exists(cache)) {
            // Mapped where it was made for: otherwise each start rewrites its pages.
            line.addAll(List.of(
                    "-XX:AOTCache=" + cache,
                    "-Xlog:aot*=off,cds*=off",
                    "-XX:+UnlockDiagnosticVMOptions",
                    "-XX:ArchiveRelocationMode=0",
                    "-XX:-AOTReplayTraining"));
        }
        line.addAll(furtherOptions);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), mode));
        return line;
    }

    /// Where libtorch lies: the folder `native` beside this program, as the build leaves it; else wherever this JVM
    /// was told to look.
    private static String nativeLibraries() {
        Path beside = beside("native");
        return Files.isDirectory(beside) ? beside.toString() : System.getProperty("java.library.path", "");
    }

    private static Path beside(String name) {
        CodeSource source = Main.class.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            // A class out of a start-up cache does not know where it lies; this program leads the class path.
            String classPath = System.getProperty("java.class.path");
            return Path.of(classPath.split(File.pathSeparator, 2)[0]).resolveSibling(name);
        }
        try {
            return Path.of(source.getLocation().toURI()).resolveSibling(name);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The place of this program has no path.", e);
        }
    }
}
