package dev.pipelinejob.e2e.inputs;

import dev.pipelinejob.e2e.processes.SmallJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// One thing that a user may get wrong.
///
/// @param name what is wrong, in words
/// @param arguments makes the input in a fresh folder and answers the command's arguments
/// @param words all of which the sentence must hold: the thing, its value, a way out
record Mistake(String name, Arguments arguments, List<String> words) {
    private static final int STEPS = 6;
    private static final int EVERY_STEPS = 2;

    /// Makes the input.
    interface Arguments {
        List<String> in(Path folder) throws IOException;
    }

    /// A text in place of the job's file.
    static Mistake text(String name, String text, String... words) {
        return new Mistake(name, folder -> run(Files.writeString(folder.resolve("wrong.yaml"), text)), List.of(words));
    }

    /// One edit of a sound job.
    static Mistake edit(String name, String from, String to, String... words) {
        return new Mistake(
                name,
                folder -> {
                    String sound = Files.readString(job(folder).yaml());
                    String wrong = sound.replace(from, to);
                    if (wrong.equals(sound)) {
                        throw new AssertionError("The sound job does not say: " + from);
                    }
                    return run(Files.writeString(folder.resolve("wrong.yaml"), wrong));
                },
                List.of(words));
    }

    /// A sound job with something else wrong.
    static Mistake around(String name, Arguments arguments, String... words) {
        return new Mistake(name, arguments, List.of(words));
    }

    static SmallJob job(Path folder) throws IOException {
        return SmallJob.in(folder, STEPS, EVERY_STEPS);
    }

    static List<String> run(Path yaml) {
        return List.of("run", yaml.toString(), "--dir", "DIR");
    }

    @Override
    public String toString() {
        return name;
    }
}
