package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.planning.RecordJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Records as JSON files: read whole, written whole.
final class JsonFiles {
    private JsonFiles() {}

    static <T> T read(Path file, Class<T> type) throws IOException {
        return RecordJson.read(Files.readString(file), type, file.toString());
    }

    static String text(Object value) {
        return RecordJson.text(value);
    }

    static void replace(Path file, Object value) throws IOException {
        AtomicFiles.replace(file, text(value));
    }
}
