package dev.pipelinejob.operator.cli;

import dev.pipelinejob.api.v1alpha1.InterconnectTopology;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.WorkerPool;
import dev.pipelinejob.operator.admission.Admission;
import dev.pipelinejob.operator.admission.Verdict;
import dev.pipelinejob.operator.local.JobFolder;
import dev.pipelinejob.operator.local.LocalRun;
import dev.pipelinejob.operator.local.LocalSetup;
import dev.pipelinejob.operator.local.RunOutcome;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pipelinejob run`: the whole job on this machine.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Trains a job on this machine, one supervisor and one engine process a worker."
                + " Given again with the same --dir it goes on from the last checkpoint.")
final class RunCommand implements Callable<Integer> {
    private static final String DEFAULT_NAMESPACE = "default";

    @Parameters(index = "0", paramLabel = "JOB.yaml", description = "A PipelineJob, as for kubectl apply.")
    private Path file = Path.of("");

    @Option(
            names = "--dir",
            required = true,
            paramLabel = "DIR",
            description = "Where status, losses, checkpoints, logs and the model go.")
    private Path directory = Path.of("");

    @Option(
            names = "--topology",
            paramLabel = "T.yaml",
            description = "An InterconnectTopology; its first device's figures stand for every slot of this machine.")
    private @Nullable Path topologyFile;

    @Spec
    private @Nullable CommandSpec commandSpec;

    private final Installation installation;
    private final Clock clock;

    RunCommand(Installation installation, Clock clock) {
        this.installation = installation;
        this.clock = clock;
    }

    @Override
    public Integer call() throws UserError, IOException, InterruptedException {
        JobFolder folder = new JobFolder(directory);
        requireFolder(folder);
        PrintWriter out = Objects.requireNonNull(commandSpec).commandLine().getOut();
        // The log first: even reading a job makes loggers, and they look only once where to write.
        Path logs = folder.root().resolve("logs");
        createFolder(logs);
        System.setProperty("pipelinejob.log", logs.resolve("driver.log").toString());
        LocalSetup setup = setup(folder, out);
        ProgressDisplay display =
                ProgressDisplay.on(out, setup.spec().training().steps());
        switch (LocalRun.open(setup, display)) {
            case LocalRun.Opening.Refused(String sentence) -> throw new UserError(sentence);
            case LocalRun.Opening.Complete(int step) -> {
                display.close();
                return show(new RunOutcome.Completed(step), folder, out);
            }
            case LocalRun.Opening.Opened(LocalRun run) -> {
                try (run;
                        OrderlyEnd _ = OrderlyEnd.of(run)) {
                    Files.copy(file, folder.root().resolve("job.yaml"), StandardCopyOption.REPLACE_EXISTING);
                    RunOutcome outcome = run.run();
                    display.close();
                    return show(outcome, folder, out);
                } catch (IOException e) {
                    throw isFull(e) ? new IOException(fullSentence(folder), e) : e;
                }
            }
        }
    }

    private static boolean isFull(IOException broken) {
        return String.valueOf(broken.getMessage()).contains("No space left");
    }

    private static String fullSentence(JobFolder folder) {
        return "The disk of " + folder.root() + " is full: free some space and give the same command again;"
                + " what was committed is kept.";
    }

    private static void requireFolder(JobFolder folder) throws UserError {
        if (Files.exists(folder.root()) && !Files.isDirectory(folder.root())) {
            throw new UserError(folder.root() + " is a file: give --dir a folder.");
        }
        if (Files.exists(folder.checkpoints()) && !Files.isDirectory(folder.checkpoints())) {
            throw new UserError(folder.checkpoints()
                    + " is a file, but the checkpoints' folder belongs there: move it away or choose another --dir.");
        }
    }

    private static void createFolder(Path folder) throws UserError {
        try {
            Files.createDirectories(folder);
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? "the system does not allow it" : e.getReason();
            throw new UserError("Folder " + folder + " cannot be made (" + reason
                    + "): choose another --dir, where this user may write.");
        } catch (IOException e) {
            throw new UserError("Folder " + folder + " cannot be made (" + e.getMessage() + "): choose another --dir.");
        }
    }

    private LocalSetup setup(JobFolder folder, PrintWriter out) throws UserError {
        Path before = folder.root().resolve("job.yaml");
        Admission<PipelineJob> jobs = Admission.ofJobs();
        PipelineJob job = Files.exists(before)
                ? admitted(jobs.admit(file, resting(admitted(jobs.admit(before)))))
                : admitted(jobs.admit(file));
        InterconnectTopology topology =
                topologyFile == null ? null : admitted(Admission.ofTopologies().admit(topologyFile));
        String namespace = job.getMetadata().getNamespace();
        Path text =
                installation.workingFolder().resolve(job.getSpec().data().text().path());
        if (!Files.isReadable(text)) {
            throw new UserError(file + ": spec.data.text.path "
                    + job.getSpec().data().text().path()
                    + " is not there or not readable from " + installation.workingFolder()
                    + ": name a file, a folder or a zip of text.");
        }
        if (job.getSpec().suspend()) {
            throw new UserError(file + ": spec.suspend is true, so there is nothing to run: set it to false.");
        }
        replaced(job, folder, text, out);
        return new LocalSetup(
                folder,
                namespace == null ? DEFAULT_NAMESPACE : namespace,
                job.getMetadata().getName(),
                job.getSpec(),
                Installation.machine().topology(job.getSpec(), topology == null ? null : topology.getSpec()),
                text,
                installation.workerCommand(),
                clock);
    }

    /// A job that nobody runs rests, so that what may change then may change.
    private static PipelineJob resting(PipelineJob before) {
        before.setSpec(before.getSpec().suspended());
        return before;
    }

    private static <T extends HasMetadata> T admitted(Verdict<T> verdict) throws UserError {
        return switch (verdict) {
            case Verdict.Admitted<T> admitted -> admitted.resource();
            case Verdict.Refused<T> refused -> throw new UserError(refused.sentences());
        };
    }

    private static void replaced(PipelineJob job, JobFolder folder, Path text, PrintWriter out) {
        if (job.getSpec().checkpoint().store() != null) {
            out.println("Instead of spec.checkpoint.store: " + folder.checkpoints());
        }
        if (job.getSpec().data().text().source() != null) {
            out.println("Instead of spec.data.text.source: " + text);
        }
        WorkerPool pool = job.getSpec().workerPools().getFirst();
        if (pool.accelerator() != null) {
            out.println("Instead of " + pool.accelerator().resource() + ": this machine's processors");
        }
        if (pool.image() != null || pool.template() != null) {
            out.println("Instead of image and template of worker pool " + pool.name() + ": this program's own worker");
        }
        out.println("Instead of pods: processes of this machine; their logs are in "
                + folder.root().resolve("logs"));
        out.flush();
    }

    private int show(RunOutcome outcome, JobFolder folder, PrintWriter out) throws UserError {
        switch (outcome) {
            case RunOutcome.Completed completed -> {
                out.println("Complete: " + completed.step() + " steps; the model is " + folder.model());
                return ExitCode.DONE;
            }
            case RunOutcome.Stopped stopped -> {
                out.println(
                        "Stopped at step " + stopped.step() + "; the same command goes on from the last checkpoint.");
                out.flush();
                return ExitCode.FAILED;
            }
            case RunOutcome.Failed failed -> {
                if (failed.userError()) {
                    throw new UserError(failed.message());
                }
                Objects.requireNonNull(commandSpec).commandLine().getErr().println(failed.message());
                return ExitCode.FAILED;
            }
        }
    }
}
