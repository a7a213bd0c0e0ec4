package dev.pipelinejob.operator.cli;

import dev.pipelinejob.operator.local.JobFolder;
import dev.pipelinejob.operator.planning.Timeline;
import dev.pipelinejob.operator.planning.TimelineJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pipelinejob timeline`: one step of a run, predicted against measured.
@Command(
        name = "timeline",
        mixinStandardHelpOptions = true,
        description = "Draws one step of a run: what was predicted, and what its workers measured.")
final class TimelineCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "The folder that run --dir was given.")
    private Path directory = Path.of("");

    @Option(names = "--svg", required = true, paramLabel = "F", description = "Where the picture goes.")
    private Path svg = Path.of("");

    @Spec
    private @Nullable CommandSpec commandSpec;

    @Override
    public Integer call() throws UserError, IOException {
        Path file = new JobFolder(directory).traces();
        if (!Files.isRegularFile(file)) {
            throw new UserError(file + " is not there: a run writes it when it ends; is " + directory
                    + " the folder that run --dir was given?");
        }
        Timeline timeline = read(file);
        Files.writeString(svg, timeline.svg());
        PrintWriter out = Objects.requireNonNull(commandSpec).commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%s, attempt %d: predicted %.2f ms a step, measured %.2f ms in step %d%n",
                timeline.schedule(),
                timeline.attempt(),
                timeline.predictedStepMicros() / 1e3,
                timeline.measuredStepMicros() / 1e3,
                timeline.step());
        out.flush();
        return ExitCode.DONE;
    }

    private static Timeline read(Path file) throws UserError, IOException {
        try {
            return TimelineJson.read(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new UserError(file + ": " + e.getMessage());
        }
    }
}
