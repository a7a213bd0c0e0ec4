package dev.pipelinejob.operator.cli.placement;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pipelinejob.operator.cli.ExitCode;
import dev.pipelinejob.placement.partition.PartitionOutcome;
import dev.pipelinejob.placement.partition.Partitioner;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.partition.verify.Verifier;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
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

/// `pipelinejob placement bench`: solves a suite, verifies every plan and prints what each took.
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Runs a suite (seed, wide, scale), verifies every plan, and prints values, gaps, times, memory.")
final class BenchCommand implements Callable<Integer> {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double BYTES_PER_MEGABYTE = 1e6;
    private static final String SHIPPED = "placement/src/test/resources/workloads";

    @Option(names = "--suite", required = true, description = "seed, wide or scale.")
    private String suite = "";

    @Option(names = "--inputs", description = "Folder with the inputs; default: the ones that are shipped.")
    private @Nullable Path inputs;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of what is tried at random.")
    private long seed = 1;

    @Option(names = "--time-limit", defaultValue = "60s", description = "For each input.")
    private String timeLimit = "60s";

    @Option(names = "--warm-up", defaultValue = "1", description = "How often each input is solved before it counts.")
    private int warmUp = 1;

    @Option(names = "--json", required = true, paramLabel = "F", description = "Where the figures go.")
    private Path json = Path.of("");

    @Spec
    private @Nullable CommandSpec commandSpec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(commandSpec).commandLine().getOut();
        PrintWriter err = commandSpec.commandLine().getErr();
        try {
            return bench(out);
        } catch (InvalidWorkload refused) {
            err.println(refused.getMessage());
            return ExitCode.USER_ERROR;
        }
    }

    private int bench(PrintWriter out) throws IOException {
        double seconds = TimeLimit.seconds(timeLimit);
        Path folder = inputs != null ? inputs : Path.of(System.getProperty("pipelinejob.home", "."), SHIPPED);
        if (!Files.isDirectory(folder)) {
            throw new InvalidWorkload("There is no folder " + folder + " with inputs: give one with --inputs.");
        }
        ObjectMapper mapper = new ObjectMapper();
        ArrayNode rows = mapper.createArrayNode();
        out.printf(
                "%-44s %4s %-9s %14s %14s %7s %9s %9s %7s %s%n",
                "input", "k", "status", "value ms", "bound ms", "gap %", "solve ms", "CPU ms", "peak MB", "verified");
        boolean allHold = true;
        double total = 0;
        for (BenchSuite.Source source : BenchSuite.of(suite).sources(folder)) {
            Figures figures = measure(source.read(), seconds);
            allHold &= figures.findings().isEmpty();
            total += figures.millis();
            figures.print(out);
            figures.write(rows.addObject());
        }
        out.printf(Locale.ROOT, "%d inputs, %.0f ms of solving%n", rows.size(), total);
        Files.writeString(json, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(rows) + "\n");
        return allHold ? ExitCode.DONE : ExitCode.FAILED;
    }

    private Figures measure(BenchSuite.Case input, double seconds) {
        for (int round = 0; round < warmUp; round++) {
            Partitioner.solve(input.workload(), seed, SearchControl.seconds(seconds, System::nanoTime));
        }
        resetPeak();
        long startCpu = cpuNanos();
        long start = System.nanoTime();
        PartitionOutcome outcome =
                Partitioner.solve(input.workload(), seed, SearchControl.seconds(seconds, System::nanoTime));
        double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        double cpuMillis = (cpuNanos() - startCpu) / NANOS_PER_MILLI;
        Split split = PlanFile.split(outcome);
        List<String> findings = split == null
                ? List.of("There is no split.")
                : Verifier.check(
                        input.workload(),
                        new Verifier.Claim(
                                PlanFile.assignment(input.workload(), split),
                                split.value(),
                                split.lowerBound(),
                                outcome instanceof PartitionOutcome.Optimal,
                                true));
        return new Figures(input.name(), input.workload(), outcome, millis, cpuMillis, peakMegabytes(), findings);
    }

    /// Time that this thread computed, whatever else the machine was doing.
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void resetPeak() {
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    private static double peakMegabytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                / BYTES_PER_MEGABYTE;
    }

    /// What one input gave.
    private record Figures(
            String name,
            Workload workload,
            PartitionOutcome outcome,
            double millis,
            double cpuMillis,
            double peakMegabytes,
            List<String> findings) {
        private void print(PrintWriter out) {
            Split split = PlanFile.split(outcome);
            out.printf(
                    Locale.ROOT,
                    "%-44s %4d %-9s %14.6f %14.6f %7.3f %9.1f %9.1f %7.0f %s%n",
                    name,
                    workload.devices().accelerators(),
                    PlanFile.status(outcome),
                    split == null ? Double.NaN : split.value(),
                    split == null ? Double.NaN : split.lowerBound(),
                    split == null ? Double.NaN : split.gapPercent(),
                    millis,
                    cpuMillis,
                    peakMegabytes,
                    findings.isEmpty() ? "yes" : String.join(" ", findings));
            out.flush();
        }

        private void write(ObjectNode row) {
            row.put("input", name);
            row.put("nodes", workload.nodes());
            row.put("accelerators", workload.devices().accelerators());
            row.put("cpus", workload.devices().cpus());
            row.put("status", PlanFile.status(outcome));
            Split split = PlanFile.split(outcome);
            if (split != null) {
                row.put("value", split.value());
                row.put("lowerBound", split.lowerBound());
                row.put("boundKind", split.boundKind().word());
                row.put("gapPercent", split.gapPercent());
            }
            row.put("solveMillis", millis);
            row.put("cpuMillis", cpuMillis);
            row.put("peakMegabytes", peakMegabytes);
            row.put("verified", findings.isEmpty());
        }
    }
}
