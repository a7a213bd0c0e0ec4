package dev.pipelinejob.operator.cli;

import dev.pipelinejob.operator.cli.placement.PlacementCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.logging.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Where `./pipelinejob` begins: wires the commands, and turns whatever goes wrong into a sentence and an exit code.
@Command(
        name = "pipelinejob",
        description = "Trains models as pipelines that survive their workers.",
        mixinStandardHelpOptions = true,
        version = "pipelinejob 0.1.0",
        subcommands = CommandLine.HelpCommand.class)
public final class Main {
    private Main() {}

    /// Runs one command and ends the process with its exit code.
    public static void main(String[] arguments) {
        LogManager.getLogManager().reset();
        System.exit(
                List.of(arguments).equals(List.of("controller"))
                        ? control()
                        : commandLine().execute(arguments));
    }

    /// Without the parser of commands: its classes are of a format too old for a start-up cache, and to load and ask
    /// them took a fifth of the operator's start.
    private static int control() {
        try {
            return new ControllerCommand(Installation.ofThisProcess().environment(), Clock.systemUTC()).call();
        } catch (Exception e) {
            // The edge of the process, as the parser has it for the other commands.
            return explain(e, new PrintWriter(System.err, true, Charset.defaultCharset()));
        }
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        Installation installation = Installation.ofThisProcess();
        line.addSubcommand(new RunCommand(installation, Clock.systemUTC()));
        line.addSubcommand(new DemoCommand(
                Path.of(System.getProperty("pipelinejob.home", ""), "pipelinejob"),
                installation.javaHome(),
                Clock.systemUTC()));
        line.addSubcommand(new PlanCommand());
        line.addSubcommand(new PlacementCommand());
        line.addSubcommand(new ProfileCommand(installation));
        line.addSubcommand(new TimelineCommand());
        line.addSubcommand(new ControllerCommand(installation.environment(), Clock.systemUTC()));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((thrown, command, _) -> explain(thrown, command.getErr()));
        line.setParameterExceptionHandler((wrong, _) -> {
            CommandLine command = wrong.getCommandLine();
            command.getErr()
                    .println(wrong.getMessage() + " (see: "
                            + command.getCommandSpec().qualifiedName() + " --help)");
            return ExitCode.USER_ERROR;
        });
        return line;
    }

    private static int explain(Exception thrown, PrintWriter err) {
        switch (thrown) {
            case UserError error -> {
                err.println(error.getMessage());
                return ExitCode.USER_ERROR;
            }
            case FileSystemException error -> err.println(error.getFile() + " cannot be used: " + reason(error) + ".");
            case IOException error -> err.println(sentence(error));
            default ->
                err.println(
                        "This should not have happened: " + sentence(thrown) + " The log says more; please report it.");
        }
        Logger log = LoggerFactory.getLogger(Main.class);
        log.error("The command ended with an exception.", thrown);
        return ExitCode.FAILED;
    }

    private static String reason(FileSystemException error) {
        String reason = error.getReason();
        return reason != null ? reason : error.getClass().getSimpleName();
    }

    private static String sentence(Exception thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.getClass().getSimpleName() + "." : message;
    }
}
