package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.operator.cli.ExitCode;
import dev.pipelinejob.placement.draw.SplitPicture;
import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.rules.CutRule;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.ReadOptions;
import dev.pipelinejob.placement.workload.TreeReader;
import dev.pipelinejob.placement.workload.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `pipelinejob placement solve`: the best split of one file.
@Command(
        name = "solve",
        mixinStandardHelpOptions = true,
        description = "Finds the split with the least maximum load, and proves it or says how far it may be off.")
final class SolveCommand implements Callable<Integer> {
    @Option(names = "--input", required = true, paramLabel = "F", description = "The operator graph.")
    private Path input = Path.of("");

    @Option(
            names = "--format",
            required = true,
            completionCandidates = InputFormat.Words.class,
            description = "Its format: ${COMPLETION-CANDIDATES}.")
    private String format = "";

    @Option(names = "--objective", defaultValue = "throughput", description = "throughput, diffmaxima or latency.")
    private String objective = "throughput";

    @Option(names = "--contiguity", defaultValue = "contiguous", description = "contiguous or any.")
    private String contiguity = "contiguous";

    @Option(
            names = "--rule",
            defaultValue = "best",
            description = "best: the planner's search; gpipe-shipped, min-variance, min-max: for comparison.")
    private String rule = "best";

    @Option(
            names = "--manual",
            paramLabel = "F",
            description = "A split to judge instead: {\"node\": \"accelerator-0\"}.")
    private @Nullable Path manual;

    @Option(names = "--accelerators", description = "How many; else as the file says.")
    private @Nullable Integer accelerators;

    @Option(names = "--cpus", description = "How many; else as the file says.")
    private @Nullable Integer cpus;

    @Option(names = "--memory-bytes", description = "What fits on one accelerator; else as the file says.")
    private @Nullable Double memoryBytes;

    @Option(
            names = "--units",
            defaultValue = "official",
            description = "official: edge costs as the file says; corrected: in ms also where the file slipped.")
    private String units = "official";

    @Option(
            names = "--bandwidth",
            paramLabel = "BYTES_PER_SECOND",
            description = "Turns bytes into time in formats that have bytes (default: 25e9;"
                    + " with --replicate: as a Piper file says).")
    private @Nullable Double bandwidthBytesPerSecond;

    @Option(names = "--topology", paramLabel = "TREE.json", description = "The links between the devices.")
    private @Nullable Path topology;

    @Option(
            names = "--replicate",
            description = "Stages may have replicas, tensor degrees and recomputed layers,"
                    + " in the cost model of Piper or PipeDream.")
    private boolean replicate;

    @Option(names = "--micro-batches", description = "Of a batch, with --replicate; else as a Piper file says.")
    private @Nullable Integer microBatches;

    @Option(names = "--time-limit", defaultValue = "60s", description = "When to stop proving, such as 500ms or 60s.")
    private String timeLimit = "60s";

    @Option(
            names = "--gap",
            paramLabel = "PERCENT",
            description = "With --topology: search until the split is proved to be this near to the best, or time is"
                    + " over; 0 for as near as time allows (default: a good split soon).")
    private @Nullable Double gap;

    @Option(
            names = "--threads",
            defaultValue = "2",
            description = "At most this many; the answer does not depend on it.")
    private int threads = 2;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of what is tried at random.")
    private long seed = 1;

    @Option(names = "--svg", paramLabel = "F", description = "Where a picture of the split goes.")
    private @Nullable Path svg;

    @Option(names = "--output", required = true, paramLabel = "plan.json", description = "Where the plan goes.")
    private Path output = Path.of("");

    @Spec
    private @Nullable CommandSpec commandSpec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(commandSpec).commandLine().getOut();
        PrintWriter err = commandSpec.commandLine().getErr();
        try {
            return solve(out, err);
        } catch (InvalidWorkload refused) {
            err.println(refused.getMessage());
            return ExitCode.USER_ERROR;
        }
    }

    private int solve(PrintWriter out, PrintWriter err) throws IOException {
        requireSensible();
        double seconds = TimeLimit.seconds(timeLimit);
        if (replicate) {
            return solveStages(out, err, SearchControl.seconds(seconds, System::nanoTime));
        }
        if (microBatches != null) {
            throw new InvalidWorkload("Micro-batches are asked for without --replicate: add it or leave them out.");
        }
        Question question = new Question(
                input,
                InputFormat.of(format),
                Question.objective(objective),
                Question.contiguity(contiguity),
                topology == null ? null : TreeReader.read(topology),
                Question.units(units),
                bandwidthBytesPerSecond == null
                        ? ReadOptions.DEFAULT_BANDWIDTH_BYTES_PER_SECOND
                        : bandwidthBytesPerSecond,
                accelerators,
                cpus,
                memoryBytes);
        Answer answer = answer(question, SearchControl.seconds(seconds, System::nanoTime));
        PlanFile.write(output, answer, seed);
        PartitionOutcome outcome = answer.outcome();
        Split split = answer.split();
        if (split == null) {
            err.println(
                    outcome instanceof PartitionOutcome.Infeasible(String reason)
                            ? reason
                            : "No split was found within " + timeLimit + ": raise --time-limit.");
            return ExitCode.FAILED;
        }
        if (svg != null) {
            Files.writeString(svg, SplitPicture.svg(answer.picture(split)));
        }
        out.printf(
                Locale.ROOT,
                "%s: %.6f ms, lower bound %.6f ms (%s), gap %.2f %%, %d of %d accelerators used, %.0f ms to solve%n",
                answer.status(),
                split.value(),
                split.lowerBound(),
                split.boundKind().word(),
                split.gapPercent(),
                answer.usedAccelerators(),
                answer.workload().devices().accelerators(),
                answer.millis());
        return ExitCode.DONE;
    }

    private Answer answer(Question question, SearchControl control) throws IOException {
        List<CutRule> rules = GivenSplit.rule(rule);
        Workload workload = question.read();
        if (manual != null) {
            return GivenSplit.in(manual, question, workload);
        }
        return rules.isEmpty()
                ? Answer.to(question, workload, seed, threads, Question.patience(gap), control)
                : GivenSplit.by(rules.getFirst(), question, workload);
    }

    private int solveStages(PrintWriter out, PrintWriter err, SearchControl control) throws IOException {
        boolean plain = objective.equals("throughput") && contiguity.equals("contiguous") && units.equals("official");
        if (!plain || svg != null || (cpus != null && cpus != 0)) {
            throw new InvalidWorkload("With --replicate, stages are contiguous, on accelerators and for throughput:"
                    + " leave --objective, --contiguity, --units, --cpus and --svg out.");
        }
        StageQuestion question = new StageQuestion(
                input,
                InputFormat.of(format),
                topology == null ? null : TreeReader.read(topology),
                accelerators,
                memoryBytes,
                bandwidthBytesPerSecond,
                microBatches);
        StageAnswer answer = question.format() == InputFormat.PIPER
                ? StageAnswer.piper(question.piper(), control)
                : StageAnswer.pipeDream(question.pipeDream(), question.levels(), control);
        StagePlanFile.write(output, question, answer, seed);
        StageAnswer.Found found = answer.found();
        if (found == null) {
            String reason = answer.reason();
            err.println(reason == null ? "No plan was found within " + timeLimit + ": raise --time-limit." : reason);
            return ExitCode.FAILED;
        }
        out.printf(
                Locale.ROOT,
                "%s: %.6f ms, lower bound %.6f ms (%s), gap %.2f %%, %d stages on %d of %d accelerators, %.0f ms to solve%n",
                answer.status(),
                found.value(),
                found.lowerBound(),
                found.boundKind().word(),
                found.gapPercent(),
                found.stages().size(),
                found.usedDevices(),
                answer.devices(),
                answer.millis());
        return ExitCode.DONE;
    }

    private void requireSensible() {
        if (threads < 1) {
            throw new InvalidWorkload("The number of threads is " + threads + ": at least 1 is needed.");
        }
        if (gap != null && (topology == null || replicate)) {
            throw new InvalidWorkload(
                    "A gap is for splits on a tree: give --topology without --replicate," + " or leave --gap out.");
        }
    }
}
