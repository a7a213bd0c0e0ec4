package dev.pipelinejob.worker.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.worker.data.DataOutcome.Refused;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenSourceTest {
    private static final String ABC_SHA_256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private Path folder;

    @BeforeEach
    void useFolder(@TempDir Path empty) {
        folder = empty;
    }

    private DataOutcome open(Path path, long maximumBytes, int contextLength, int vocabularySize) {
        return TokenSource.open(
                new DataRequest(path, maximumBytes, contextLength, vocabularySize, folder.resolve("cache")));
    }

    private String text(Path path, long maximumBytes) {
        StringBuilder text = new StringBuilder();
        try (TokenSource tokens = (TokenSource) open(path, maximumBytes, 1, 256)) {
            for (long at = 0; at < tokens.length(); at++) {
                text.append((char) tokens.at(at));
            }
        }
        return text.toString();
    }

    private Path tree() throws IOException {
        Path tree = folder.resolve("tree");
        Files.createDirectories(tree.resolve("b"));
        Files.createDirectories(tree.resolve("..data"));
        Files.writeString(tree.resolve("c.txt"), "three");
        Files.writeString(tree.resolve("b/z.txt"), "two");
        Files.writeString(tree.resolve("a.txt"), "one");
        Files.writeString(tree.resolve("..data/linked.txt"), "four");
        Files.createSymbolicLink(tree.resolve("d.txt"), Path.of("..data/linked.txt"));
        return tree;
    }

    @Test
    void aFileAFolderAndAZipAreRead() throws IOException {
        Path zip = folder.resolve("corpus.zip");
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(file)) {
            for (String name : new String[] {"c", "a", "b/z"}) {
                entries.putNextEntry(new ZipEntry(name));
                entries.write(name.getBytes(StandardCharsets.US_ASCII));
            }
        }
        Path file = Files.writeString(folder.resolve("text"), "abc");

        assertThat(text(file, 0)).isEqualTo("abc");
        assertThat(text(tree(), 0)).isEqualTo("onetwothreefour");
        assertThat(text(zip, 0)).isEqualTo("ab/zc");
        assertThat(text(folder.resolve("tree"), 5)).isEqualTo("onetw");
    }

    @Test
    void theSecondOpeningComesFromTheCacheAndIsVerified() throws IOException {
        Path tree = tree();
        text(tree, 0);
        Path cached;
        try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
            cached = files.filter(file -> file.toString().endsWith(".tokens"))
                    .findFirst()
                    .orElseThrow();
        }
        FileTime written = Files.getLastModifiedTime(cached);

        assertThat(text(tree, 0)).isEqualTo("onetwothreefour");
        assertThat(Files.getLastModifiedTime(cached)).isEqualTo(written);
        Files.writeString(cached, "onetwothreefive");
        assertThat(text(tree, 0)).isEqualTo("onetwothreefour");
    }

    @Test
    void aFileThatChangedWithinItsTimeStampHasAnotherDigest() throws IOException {
        Path file = Files.writeString(folder.resolve("text"), "abc");
        FileTime then = Files.getLastModifiedTime(file);
        try (TokenSource tokens = (TokenSource) open(file, 0, 1, 256)) {
            assertThat(tokens.digest()).isEqualTo(ABC_SHA_256);
        }

        Files.writeString(file, "abd");
        Files.setLastModifiedTime(file, then);

        try (TokenSource tokens = (TokenSource) open(file, 0, 1, 256)) {
            assertThat(tokens.digest()).isNotEqualTo(ABC_SHA_256);
        }
    }

    @Test
    void refusesWhatCannotTrain() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), "");
        Path text = Files.writeString(folder.resolve("text"), "abcd");
        Files.createDirectories(folder.resolve("nothing"));

        assertRefused(open(folder.resolve("missing"), 0, 1, 256), "is not there");
        assertRefused(open(empty, 0, 1, 256), "is empty");
        assertRefused(open(folder.resolve("nothing"), 0, 1, 256), "is empty");
        assertRefused(open(text, 0, 4, 256), "has 4 bytes, but one window needs 5");
        assertRefused(open(text, 3, 3, 256), "has 3 bytes, but one window needs 4");
        assertRefused(open(text, 0, 3, 100), "holds byte 100", "ends at 99");
        assertRefused(open(Path.of("/dev/null"), 0, 3, 100), "neither a file nor a folder");
        try (TokenSource tokens = (TokenSource) open(text, 0, 3, 101)) {
            assertThat(tokens.length()).isEqualTo(4);
        }
    }

    private static void assertRefused(DataOutcome outcome, String... words) {
        assertThat(outcome).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.sentence())
                .contains(words)
                .endsWith("."));
    }
}
