package dev.pipelinejob.operator.cli;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.operator.admission.Admission;
import dev.pipelinejob.operator.local.WorkerCommand;
import dev.pipelinejob.operator.planning.JobTranslation;
import dev.pipelinejob.operator.planning.LayerMeasurements;
import dev.pipelinejob.operator.planning.ModelCosts;
import dev.pipelinejob.placement.format.PlacementJson;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.protocol.plan.JobSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pipelinejob profile`: measures a job's model layer by layer on this machine.
@Command(
        name = "profile",
        mixinStandardHelpOptions = true,
        description = "Measures the model of a job layer by layer, into the planner's graph.")
final class ProfileCommand implements Callable<Integer> {
    private static final String MODE = "profile";

    @Parameters(index = "0", paramLabel = "JOB.yaml", description = "A PipelineJob, as for kubectl apply.")
    private Path file = Path.of("");

    @Option(names = "--output", required = true, paramLabel = "graph.json", description = "Where the graph goes.")
    private Path output = Path.of("");

    @Spec
    private @Nullable CommandSpec commandSpec;

    private final Installation installation;

    ProfileCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() throws UserError, IOException, InterruptedException {
        PipelineJob job = PlanCommand.admitted(Admission.ofJobs().admit(file));
        JobSpec told = JobTranslation.jobSpec(
                new JobTranslation.JobName("default", job.getMetadata().getName(), MODE),
                job.getSpec(),
                new JobTranslation.WorkerPaths("", ""),
                "");
        String measured = measure(told);
        ModelGraph graph = LayerMeasurements.read(measured).applyTo(ModelCosts.estimated(job.getSpec()));
        Files.writeString(output, PlacementJson.writeGraph(graph));
        PrintWriter out = Objects.requireNonNull(commandSpec).commandLine().getOut();
        out.println("Measured " + graph.layers().size() + " layers of " + graph.name() + " into " + output + ".");
        out.flush();
        return ExitCode.DONE;
    }

    /// Runs the worker in profile mode: the job on its standard input, the measurements on its standard output.
    private String measure(JobSpec job) throws UserError, IOException, InterruptedException {
        WorkerCommand worker = installation.workerCommand();
        List<String> command = new ArrayList<>(worker.command());
        command.set(command.size() - 1, MODE);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(worker.workingFolder().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().putAll(worker.environment());
        Process process = builder.start();
        try {
            try (OutputStream in = process.getOutputStream()) {
                job.writeTo(in);
            }
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = process.waitFor();
            if (exitCode == ExitCode.USER_ERROR) {
                throw new UserError("The worker refused the model of " + file + "; it says why above.");
            }
            if (exitCode != ExitCode.DONE) {
                throw new IOException("The worker ended with exit code " + exitCode + "; it says why above.");
            }
            return text;
        } finally {
            process.destroy();
        }
    }
}
