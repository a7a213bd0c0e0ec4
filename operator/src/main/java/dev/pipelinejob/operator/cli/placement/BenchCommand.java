package dev.pipelinejob.operator.cli.placement;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pipelinejob.operator.cli.ExitCode;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.Split;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `pipelinejob placement bench`: solves a suite, verifies every plan and prints what each took.
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Runs a suite, verifies every plan, and prints values, gaps, times, memory.")
final class BenchCommand implements Callable<Integer> {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double BYTES_PER_MEGABYTE = 1e6;
    private static final double GOOD = 1.01;
    private static final String SHIPPED = "placement/src/test/resources/workloads";

    @Option(
            names = "--suite",
            required = true,
            description = "seed, noncontiguous, wide, scale, latency, tree, simulation, failure, piper or pipedream.")
    private String suite = "";

    @Option(names = "--inputs", description = "Folder with the inputs; default: the ones that are shipped.")
    private @Nullable Path inputs;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of what is tried at random.")
    private long seed = 1;

    @Option(names = "--time-limit", defaultValue = "60s", description = "For each input.")
    private String timeLimit = "60s";

    @Option(names = "--gap", paramLabel = "PERCENT", description = "On trees, as for solve.")
    private @Nullable Double gap;

    @Option(names = "--cpu-time", description = "Limits what the solving thread computes, for machines that are busy.")
    private boolean cpuTime;

    @Option(names = "--threads", defaultValue = "2", description = "At most this many.")
    private int threads = 2;

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
        boolean allHold = run(folder, seconds, out, rows);
        Files.writeString(json, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(rows) + "\n");
        return allHold ? ExitCode.DONE : ExitCode.FAILED;
    }

    /// Runs the suite under its name, of whichever kind it is.
    private boolean run(Path folder, double seconds, PrintWriter out, ArrayNode rows) throws IOException {
        StageSuite stages = StageSuite.named(suite, folder);
        if (stages != null) {
            return stages.run(folder, seconds, out, rows);
        }
        Study study = Study.named(suite);
        return study == null
                ? solveAll(BenchSuite.of(suite).sources(folder, seed), seconds, out, rows)
                : study.run(new Study.Bench(folder, seed, out, rows));
    }

    private boolean solveAll(List<BenchSuite.Source> sources, double seconds, PrintWriter out, ArrayNode rows)
            throws IOException {
        out.printf(
                "%-44s %4s %-9s %14s %14s %7s %14s %9s %9s %9s %7s %s%n",
                "input",
                "k",
                "status",
                "value ms",
                "bound ms",
                "gap %",
                "reference",
                "solve ms",
                "CPU ms",
                "good at",
                "peak MB",
                "verified");
        boolean allHold = true;
        double total = 0;
        for (BenchSuite.Source source : sources) {
            Figures figures = measure(source.read(), seconds);
            allHold &= figures.findings().isEmpty();
            total += figures.answer().millis();
            figures.print(out);
            figures.write(rows.addObject());
        }
        out.printf(Locale.ROOT, "%d inputs, %.0f ms of solving%n", rows.size(), total);
        return allHold;
    }

    private Figures measure(BenchSuite.Case input, double seconds) {
        for (int round = 0; round < warmUp; round++) {
            ask(input, seconds, _ -> {});
        }
        resetPeak();
        long startCpu = cpuNanos();
        NavigableMap<Double, Double> millisOfValue = new TreeMap<>();
        Answer answer =
                ask(input, seconds, value -> millisOfValue.put(value, (cpuNanos() - startCpu) / NANOS_PER_MILLI));
        double cpuMillis = (cpuNanos() - startCpu) / NANOS_PER_MILLI;
        return new Figures(
                input.name(),
                answer,
                cpuMillis,
                goodAfter(answer, millisOfValue),
                peakMegabytes(),
                Reference.of(answer, seed),
                answer.findings());
    }

    /// When the search first had a split within a hundredth of its last one.
    private static double goodAfter(Answer answer, NavigableMap<Double, Double> millisOfValue) {
        Split split = answer.split();
        Map.Entry<Double, Double> first = split == null ? null : millisOfValue.floorEntry(split.value() * GOOD);
        return first == null ? Double.NaN : first.getValue();
    }

    private Answer ask(BenchSuite.Case input, double seconds, DoubleConsumer found) {
        SearchControl control = SearchControl.seconds(seconds, cpuTime ? BenchCommand::cpuNanos : System::nanoTime)
                .telling(found);
        return Answer.to(input.question(), input.workload(), seed, threads, Question.patience(gap), control);
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
            Answer answer,
            double cpuMillis,
            double goodAfterMillis,
            double peakMegabytes,
            double reference,
            List<String> findings) {
        private void print(PrintWriter out) {
            Split split = answer.split();
            out.printf(
                    Locale.ROOT,
                    "%-44s %4d %-9s %14.6f %14.6f %7.3f %14.6f %9.1f %9.1f %9.1f %7.0f %s%n",
                    name,
                    answer.workload().devices().accelerators(),
                    answer.status(),
                    split == null ? Double.NaN : split.value(),
                    split == null ? Double.NaN : split.lowerBound(),
                    split == null ? Double.NaN : split.gapPercent(),
                    reference,
                    answer.millis(),
                    cpuMillis,
                    goodAfterMillis,
                    peakMegabytes,
                    findings.isEmpty() ? "yes" : String.join(" ", findings));
            out.flush();
        }

        private void write(ObjectNode row) {
            row.put("input", name);
            row.put("nodes", answer.workload().nodes());
            row.put("accelerators", answer.workload().devices().accelerators());
            row.put("cpus", answer.workload().devices().cpus());
            row.put("status", answer.status());
            Split split = answer.split();
            if (split != null) {
                row.put("value", split.value());
                row.put("lowerBound", split.lowerBound());
                row.put("boundKind", split.boundKind().word());
                row.put("gapPercent", split.gapPercent());
            }
            if (!Double.isNaN(reference)) {
                row.put("reference", reference);
            }
            row.put("solveMillis", answer.millis());
            row.put("cpuMillis", cpuMillis);
            if (!Double.isNaN(goodAfterMillis)) {
                row.put("goodAfterCpuMillis", goodAfterMillis);
            }
            row.put("peakMegabytes", peakMegabytes);
            row.put("verified", findings.isEmpty());
        }
    }
}
