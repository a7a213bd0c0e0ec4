package dev.pipelinejob.api.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Holds the committed files against the records; with `-Dregenerate` it writes them instead.
class GeneratedFilesTest {
    private static final String REGENERATE = "mvn -q -pl crds -am test -Dregenerate -Dtest=GeneratedFilesTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false";
    /// What client-side apply stores in an annotation, and the most that annotations may hold.
    private static final int CLIENT_SIDE_APPLY_BYTES = 262_144;

    @Test
    void committedFilesAreWhatTheRecordsGive() throws IOException {
        for (Map.Entry<Path, String> file : GeneratedFiles.all().entrySet()) {
            if (System.getProperty("regenerate") != null) {
                Files.createDirectories(file.getKey().getParent());
                Files.writeString(file.getKey(), file.getValue());
            }
            assertThat(Files.exists(file.getKey()) ? Files.readString(file.getKey()) : "")
                    .withFailMessage(() -> "crds/" + file.getKey() + " is stale: run  " + REGENERATE)
                    .isEqualTo(file.getValue());
        }
    }

    @Test
    void everyDefinitionFitsClientSideApply() {
        GeneratedFiles.all().forEach((path, text) -> assertThat(text.getBytes(StandardCharsets.UTF_8).length)
                .describedAs("bytes of %s", path)
                .isLessThanOrEqualTo(CLIENT_SIDE_APPLY_BYTES));
    }
}
