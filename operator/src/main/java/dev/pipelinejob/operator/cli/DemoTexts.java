package dev.pipelinejob.operator.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Real text that every machine has: the JDK's own sources, or else the system's licence texts.
///
/// @param origin what they are, for people
/// @param bytes how much
record DemoTexts(String origin, long bytes) {
    private static final String SOURCES = "java.base/java/util/";
    private static final Path LICENCES = Path.of("/usr/share/common-licenses");

    /// Copies the texts into one folder, always the same bytes under the same names.
    static DemoTexts collect(Path javaHome, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path zip = javaHome.resolve("lib/src.zip");
        if (Files.exists(zip)) {
            return new DemoTexts("the JDK's java.util sources", unpack(zip, folder));
        }
        if (Files.isDirectory(LICENCES)) {
            return new DemoTexts("the system's licence texts", copy(LICENCES, folder));
        }
        throw new IllegalStateException("There is neither " + zip + " nor " + LICENCES
                + " to train on: install your JDK's sources, or run a job with a text of your own.");
    }

    private static long unpack(Path zip, Path folder) throws IOException {
        long bytes = 0;
        try (ZipFile sources = new ZipFile(zip.toFile())) {
            List<? extends ZipEntry> entries = sources.stream()
                    .filter(entry -> entry.getName().startsWith(SOURCES)
                            && entry.getName().endsWith(".java")
                            && entry.getName().indexOf('/', SOURCES.length()) < 0)
                    .sorted(Comparator.comparing(ZipEntry::getName))
                    .toList();
            for (ZipEntry entry : entries) {
                Path file = folder.resolve(entry.getName().substring(SOURCES.length()));
                bytes += Files.copy(sources.getInputStream(entry), file, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return bytes;
    }

    private static long copy(Path from, Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(from)) {
            all.filter(file -> Files.isRegularFile(file) && !Files.isSymbolicLink(file))
                    .sorted()
                    .forEach(files::add);
        }
        long bytes = 0;
        for (Path file : files) {
            Path copy = folder.resolve(file.getFileName());
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            bytes += Files.size(copy);
        }
        return bytes;
    }
}
