package dev.pipelinejob.operator.cli.placement;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pipelinejob.operator.cli.ExitCode;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.TreeReader;
import dev.pipelinejob.placement.workload.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pipelinejob placement verify`: checks a plan without the planner.
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Checks a plan against its input: complete, memory, support, shared devices, contiguity, value.")
final class VerifyCommand implements Callable<Integer> {
    private static final int MOST_SENTENCES = 20;

    @Parameters(index = "0", paramLabel = "plan.json", description = "What solve wrote.")
    private Path plan = Path.of("");

    @Option(names = "--input", required = true, paramLabel = "F", description = "The operator graph.")
    private Path input = Path.of("");

    @Option(names = "--topology", paramLabel = "T", description = "The tree of links that it was solved for.")
    private @Nullable Path topology;

    @Spec
    private @Nullable CommandSpec commandSpec;

    private static int verify(List<String> findings, PrintWriter out, PrintWriter err) {
        findings.stream().limit(MOST_SENTENCES).forEach(err::println);
        if (!findings.isEmpty()) {
            return ExitCode.FAILED;
        }
        out.println("All holds: stages, replicas, memory and value.");
        return ExitCode.DONE;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(commandSpec).commandLine().getOut();
        PrintWriter err = commandSpec.commandLine().getErr();
        try {
            Topology tree = topology == null ? null : TreeReader.read(topology);
            JsonNode stages = StagePlanFile.read(plan);
            if (stages != null) {
                return verify(StagePlanFile.findings(stages, input, tree), out, err);
            }
            PlanFile.Read read = PlanFile.read(plan, input, tree);
            Workload workload = read.question().read();
            List<String> findings = Answer.findings(read.question(), workload, read.claim());
            findings.stream().limit(MOST_SENTENCES).forEach(err::println);
            if (!findings.isEmpty()) {
                return ExitCode.FAILED;
            }
            out.printf(
                    Locale.ROOT,
                    "All holds: %d nodes, value %.6f ms.%n",
                    workload.nodes(),
                    read.claim().value());
            return ExitCode.DONE;
        } catch (InvalidWorkload refused) {
            err.println(refused.getMessage());
            return ExitCode.USER_ERROR;
        }
    }
}
