package dev.pipelinejob.worker.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where everything lies in a store, and which names in it are ours. What does not match is foreign and left alone.
record StoreLayout(Path directory) {
    static final String MANIFEST = "manifest.json";
    static final String SET_ASIDE = "manifest.json.corrupt";
    static final String MANIFEST_DRAFT = ".manifest.tmp";

    private static final Pattern STEP = Pattern.compile("step-([1-9][0-9]{0,8})");
    private static final Pattern ATTEMPT = Pattern.compile("attempt-([1-9][0-9]{0,8})");
    private static final Pattern MARK = Pattern.compile("attempt-([1-9][0-9]{0,8})\\.resumes-from-([0-9]{1,9})");
    private static final Pattern SEGMENT = Pattern.compile("attempt-([1-9][0-9]{0,8})\\.csv");
    private static final Pattern IN_ATTEMPT =
            Pattern.compile("layers-[0-9]{4,}-[0-9]{4,}\\.safetensors|\\.[a-z0-9.-]+\\.tmp");

    Path step(int step) {
        return directory.resolve("step-" + step);
    }

    Path attempt(int step, int attempt) {
        return step(step).resolve("attempt-" + attempt);
    }

    Path manifest(int step) {
        return step(step).resolve(MANIFEST);
    }

    Path marks() {
        return directory.resolve("attempts");
    }

    Path mark(int attempt, int resumeStep) {
        return marks().resolve("attempt-" + attempt + ".resumes-from-" + resumeStep);
    }

    Path losses() {
        return directory.resolve("loss");
    }

    Path segment(int attempt) {
        return losses().resolve("attempt-" + attempt + ".csv");
    }

    static String partFile(int attempt, int firstLayer, int endLayer) {
        return String.format(Locale.ROOT, "attempt-%d/layers-%04d-%04d.safetensors", attempt, firstLayer, endLayer);
    }

    /// Steps that have a folder, newest first.
    List<Integer> steps() throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new FileSystemException(directory.toString(), null, "it is not a folder");
        }
        return numbers(directory, STEP).reversed();
    }

    /// Attempts that have a folder in a step, oldest first.
    List<Integer> attemptsIn(int step) throws IOException {
        return numbers(step(step), ATTEMPT);
    }

    /// Attempts that have a loss segment, oldest first.
    List<Integer> segments() throws IOException {
        return numbers(losses(), SEGMENT);
    }

    /// The newest attempt that has begun; 0 when none has.
    int newestAttempt() throws IOException {
        return numbers(marks(), MARK).stream().max(Comparator.naturalOrder()).orElse(0);
    }

    /// The steps that an attempt resumed from: one, unless somebody broke the rules.
    List<Integer> resumeSteps(int attempt) throws IOException {
        return names(marks()).stream()
                .map(MARK::matcher)
                .filter(Matcher::matches)
                .filter(mark -> Integer.parseInt(mark.group(1)) == attempt)
                .map(mark -> Integer.parseInt(mark.group(2)))
                .sorted()
                .toList();
    }

    /// Our own files in an attempt's folder.
    List<Path> filesIn(int step, int attempt) throws IOException {
        Path folder = attempt(step, attempt);
        return names(folder).stream()
                .filter(name -> IN_ATTEMPT.matcher(name).matches())
                .map(folder::resolve)
                .toList();
    }

    private static List<Integer> numbers(Path folder, Pattern pattern) throws IOException {
        return names(folder).stream()
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .map(name -> Integer.parseInt(name.group(1)))
                .sorted()
                .toList();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException absent) {
            return List.of();
        } catch (UncheckedIOException whileReading) {
            throw whileReading.getCause();
        }
    }
}
