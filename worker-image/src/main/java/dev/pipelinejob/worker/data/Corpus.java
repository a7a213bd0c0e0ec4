package dev.pipelinejob.worker.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// What a data path names, and in which order its bytes are the tokens.
sealed interface Corpus {
    String ZIP_START = "PK\3\4";
    String EMPTY_ZIP_START = "PK\5\6";

    /// One file.
    record SingleFile(Path file) implements Corpus {}

    /// Regular files by their path relative to the folder, with forward slashes.
    record Folder(Path folder, Map<String, Path> files) implements Corpus {}

    /// A zip, whose entries are read in name order.
    record Zip(Path file) implements Corpus {}

    /// Takes the bytes as they come.
    interface Sink {
        /// Answers whether more are wanted.
        boolean accept(InputStream bytes) throws IOException;
    }

    static Corpus of(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return new Folder(path, files(path));
        }
        if (!Files.isRegularFile(path)) {
            throw new IOException("it is neither a file nor a folder");
        }
        return isZip(path) ? new Zip(path) : new SingleFile(path);
    }

    private static boolean isZip(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            String start = new String(bytes.readNBytes(ZIP_START.length()), StandardCharsets.US_ASCII);
            return start.equals(ZIP_START) || start.equals(EMPTY_ZIP_START);
        }
    }

    /// Hidden names are passed over: a mounted ConfigMap shows each file once by its own name, and again below
    // `..data`.
    private static Map<String, Path> files(Path folder) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
                return !inner.equals(folder) && isHidden(inner)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!isHidden(file) && Files.isRegularFile(file)) {
                    files.put(folder.relativize(file).toString().replace('\\', '/'), file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private static boolean isHidden(Path file) {
        return file.getFileName().toString().startsWith(".");
    }

    /// Changes when the data does: names, sizes and times of change.
    default String key() throws IOException {
        return switch (this) {
            case SingleFile(Path file) -> "file\n" + state(file);
            case Zip(Path file) -> "zip\n" + state(file);
            case Folder(Path folder, Map<String, Path> files) -> {
                StringBuilder key = new StringBuilder("folder\n").append(folder).append('\n');
                for (Map.Entry<String, Path> file : files.entrySet()) {
                    key.append(file.getKey()).append('\n').append(state(file.getValue()));
                }
                yield key.toString();
            }
        };
    }

    private static String state(Path file) throws IOException {
        return file + "\n" + Files.size(file) + "\n" + Files.getLastModifiedTime(file) + "\n";
    }

    /// Hands every file's bytes to the sink, in order, until it wants no more.
    default void read(Sink sink) throws IOException {
        switch (this) {
            case SingleFile(Path file) -> read(file, sink);
            case Folder(Path _, Map<String, Path> files) -> {
                for (Path file : files.values()) {
                    if (!read(file, sink)) {
                        return;
                    }
                }
            }
            case Zip(Path file) -> {
                try (ZipFile zip = new ZipFile(file.toFile())) {
                    readZip(zip, sink);
                }
            }
        }
    }

    private static boolean read(Path file, Sink sink) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return sink.accept(bytes);
        }
    }

    private static void readZip(ZipFile zip, Sink sink) throws IOException {
        List<? extends ZipEntry> entries = zip.stream()
                .filter(entry -> !entry.isDirectory())
                .sorted(Comparator.comparing(ZipEntry::getName))
                .toList();
        for (ZipEntry entry : entries) {
            try (InputStream bytes = zip.getInputStream(entry)) {
                if (!sink.accept(bytes)) {
                    return;
                }
            }
        }
    }
}
