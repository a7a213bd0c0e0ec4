package dev.pipelinejob.operator.cli.placement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.replication.MachineLevel;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import dev.pipelinejob.placement.workload.PipeDreamProfile;
import dev.pipelinejob.placement.workload.PiperProfile;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Benchmark suites of replicated stages: each profile on each fleet of its planner's own experiments, with what that
/// planner finds beside it, where it is known.
final class StageSuite {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double GIBIBYTE = 1L << 30;
    private static final double LINK = 25 * GIBIBYTE;
    private static final int BATCH = 1920;
    private static final String REFERENCE = "replicated-reference.json";

    /// The cases of PipeDream: machines and bandwidths of the levels, the innermost first.
    private static final List<List<MachineLevel>> MACHINES = List.of(
            List.of(new MachineLevel(4, 1e9)),
            List.of(new MachineLevel(16, 1e9)),
            List.of(new MachineLevel(4, 1e10), new MachineLevel(4, 1e9)),
            List.of(new MachineLevel(8, 3e10), new MachineLevel(2, 3.125e9)),
            List.of(new MachineLevel(8, 3e10), new MachineLevel(8, 3.125e9)));

    private static final double[][] SMALL_MODELS = {
        {8, 4},
        {8, 8},
        {8, 16},
        {16, 1.5},
        {16, 2},
        {16, 4},
        {16, 8},
        {16, 16},
        {32, 1.5},
        {32, 2},
        {32, 4},
        {32, 8},
        {32, 16},
        {64, 1},
        {64, 1.5},
        {64, 2},
        {64, 4},
        {64, 8},
        {64, 16},
        {128, 1},
        {128, 1.5},
        {128, 2},
        {128, 4},
        {128, 8},
        {128, 16}
    };

    private final List<Case> cases = new ArrayList<>();

    private StageSuite() {}

    /// One question of a suite.
    private interface Ask {
        StageAnswer answer(SearchControl control);
    }

    /// What does not hold of an answer.
    private interface Judge {
        List<String> findings(StageAnswer answer) throws IOException;
    }

    private record Case(String name, Ask ask, Judge judge) {}

    /// The suite of a name with the inputs of a folder; null when the name is no such suite's.
    static @Nullable StageSuite named(String word, Path folder) throws IOException {
        StageSuite suite = new StageSuite();
        switch (word) {
            case "piper" -> suite.addPiper(folder);
            case "pipedream" -> suite.addPipeDream(folder);
            default -> {
                return null;
            }
        }
        if (suite.cases.isEmpty()) {
            throw new InvalidWorkload("Folder " + folder + " has no files named " + word + "_….");
        }
        return suite;
    }

    private static List<Path> files(Path folder, String prefix, String suffix) throws IOException {
        try (Stream<Path> listed = Files.list(folder)) {
            return listed.filter(file -> {
                        String name = String.valueOf(file.getFileName());
                        return name.startsWith(prefix) && name.endsWith(suffix);
                    })
                    .sorted()
                    .toList();
        }
    }

    private static String shortName(Path file) {
        return String.valueOf(file.getFileName()).replaceAll("^[a-z]+_|\\.(json|txt)$", "");
    }

    private void addPiper(Path folder) throws IOException {
        for (Path file : files(folder, "piper_", ".json")) {
            PiperProfile profile = question(file, InputFormat.PIPER).piper();
            String name = shortName(file);
            if (name.equals("bert32a100")) {
                addBert(profile);
            } else {
                for (double[] fleet : SMALL_MODELS) {
                    double memory = fleet[1] * GIBIBYTE;
                    int batch = profile.fleet().microBatches();
                    add(name, profile, new PiperProfile.Fleet((int) fleet[0], memory, LINK, batch));
                }
            }
        }
    }

    private void addBert(PiperProfile profile) {
        for (double gibibytes : new double[] {1, 2, 8, 80}) {
            for (int devices : new int[] {8, 32, 64, 128, 512, 1024, 2048}) {
                add("bert32", profile, new PiperProfile.Fleet(devices, gibibytes * GIBIBYTE, LINK, BATCH));
            }
        }
        PiperProfile.Fleet file = profile.fleet();
        for (int layers : new int[] {32, 48, 64, 96}) {
            PiperProfile longer = LongerBert.of(profile, layers);
            for (int batch : new int[] {480, 512, 1920, 2048}) {
                for (int devices : new int[] {8, 16, 32, 64, 128, 256, 512, 1024, 1536, 2048}) {
                    add(
                            "bert" + layers,
                            longer,
                            new PiperProfile.Fleet(devices, file.memoryBytes(), file.bandwidthBytesPerSecond(), batch));
                }
            }
        }
        add("bert96", LongerBert.of(profile, 96), new PiperProfile.Fleet(2048, file.memoryBytes(), LINK, BATCH));
        for (int batch : new int[] {512, 960}) {
            double memory = 8 * GIBIBYTE;
            add("bert32", profile, new PiperProfile.Fleet(2048, memory, file.bandwidthBytesPerSecond(), batch));
        }
    }

    private void add(String model, PiperProfile profile, PiperProfile.Fleet fleet) {
        PiperProfile asked = profile.on(fleet);
        String name = String.format(
                Locale.ROOT,
                "%s k=%d %.1f GB %.1f GB/s N=%d",
                model,
                fleet.devices(),
                fleet.memoryBytes() / 1e9,
                fleet.bandwidthBytesPerSecond() / 1e9,
                fleet.microBatches());
        cases.add(new Case(
                name, control -> StageAnswer.piper(asked, control), answer -> StagePlanFile.findings(answer, asked)));
    }

    private void addPipeDream(Path folder) throws IOException {
        for (Path file : files(folder, "pipedream_", ".txt")) {
            PipeDreamProfile profile = question(file, InputFormat.PIPEDREAM).pipeDream();
            for (List<MachineLevel> levels : MACHINES) {
                StringBuilder name = new StringBuilder(shortName(file)).append(' ');
                for (MachineLevel level : levels) {
                    name.append(name.charAt(name.length() - 1) == ' ' ? "" : "x")
                            .append(level.machines());
                }
                cases.add(new Case(
                        name.toString(),
                        control -> StageAnswer.pipeDream(profile, levels, control),
                        answer -> StagePlanFile.findings(answer, profile, levels)));
            }
        }
    }

    private static StageQuestion question(Path file, InputFormat format) {
        return new StageQuestion(file, format, null, null, null, null, null);
    }

    /// Solves each case once to warm up and once for the table; whether every plan holds.
    boolean run(Path folder, double seconds, PrintWriter out, ArrayNode rows) throws IOException {
        Path known = folder.resolve(REFERENCE);
        JsonNode reference = Files.isRegularFile(known)
                ? new ObjectMapper().readTree(known.toFile())
                : new ObjectMapper().createObjectNode();
        out.printf(
                "%-44s %-10s %14s %14s %7s %14s %11s %9s %9s %s%n",
                "input",
                "status",
                "value ms",
                "bound ms",
                "gap %",
                "reference",
                "devices",
                "solve ms",
                "CPU ms",
                "verified");
        boolean allHold = true;
        TreeMap<String, Integer> statuses = new TreeMap<>();
        for (Case input : cases) {
            input.ask().answer(SearchControl.seconds(seconds, System::nanoTime));
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            StageAnswer answer = input.ask().answer(SearchControl.seconds(seconds, System::nanoTime));
            long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
            List<String> findings =
                    answer.found() == null ? List.of() : input.judge().findings(answer);
            double beside = reference.path(input.name()).asDouble(Double.NaN);
            Row row = new Row(input.name(), answer, beside, spent / NANOS_PER_MILLI, findings);
            row.print(out);
            row.write(rows.addObject());
            boolean isAnswer = answer.found() != null || answer.status().equals("INFEASIBLE");
            allHold &= findings.isEmpty() && isAnswer;
            statuses.merge(answer.status(), 1, Integer::sum);
        }
        out.printf(Locale.ROOT, "%d inputs: %s%n", cases.size(), statuses);
        return allHold;
    }

    /// What one case gave.
    private record Row(String name, StageAnswer answer, double reference, double cpuMillis, List<String> findings) {
        private void print(PrintWriter out) {
            StageAnswer.Found found = answer.found();
            out.printf(
                    Locale.ROOT,
                    "%-44s %-10s %14.6f %14.6f %7.3f %14.6f %5d/%-5d %9.1f %9.1f %s%n",
                    name,
                    answer.status(),
                    found == null ? Double.NaN : found.value(),
                    found == null ? Double.NaN : found.lowerBound(),
                    found == null ? Double.NaN : found.gapPercent(),
                    reference,
                    found == null ? 0 : found.usedDevices(),
                    answer.devices(),
                    answer.millis(),
                    cpuMillis,
                    found == null ? "-" : findings.isEmpty() ? "yes" : String.join(" ", findings));
            out.flush();
        }

        private void write(ObjectNode row) {
            row.put("input", name);
            row.put("accelerators", answer.devices());
            row.put("status", answer.status());
            StageAnswer.Found found = answer.found();
            if (found != null) {
                row.put("value", found.value());
                row.put("lowerBound", found.lowerBound());
                row.put("boundKind", found.boundKind().word());
                row.put("gapPercent", found.gapPercent());
                row.put("usedAccelerators", found.usedDevices());
            }
            if (!Double.isNaN(reference)) {
                row.put("reference", reference);
            }
            row.put("solveMillis", answer.millis());
            row.put("cpuMillis", cpuMillis);
            row.put("verified", findings.isEmpty());
        }
    }
}
