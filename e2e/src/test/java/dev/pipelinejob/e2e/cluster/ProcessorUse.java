package dev.pipelinejob.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// How much processor time the programs have used that bring a job's pods up: a machine that they share with others
/// tells by it what its clock does not.
///
/// @param seconds by program
record ProcessorUse(Map<String, Double> seconds) {
    private static final double TICKS_A_SECOND = 100;
    /// In `/proc/PID/stat`, counted from the state.
    private static final int USER_FIELD = 11;

    private static final List<String> PROGRAMS =
            List.of("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok");

    static ProcessorUse now() throws IOException {
        Map<String, Double> seconds = new TreeMap<>();
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            String[] line = process.info().arguments().orElse(new String[0]);
            String command = process.info().command().orElse("");
            String program = Path.of(command).getFileName() == null
                    ? ""
                    : Path.of(command).getFileName().toString().replaceAll("-[0-9.]+$", "");
            if (line.length > 0 && line[line.length - 1].equals("controller")) {
                program = "operator";
            } else if (!PROGRAMS.contains(program)) {
                continue;
            }
            seconds.merge(program, used(process.pid()), Double::sum);
        }
        return new ProcessorUse(seconds);
    }

    private static double used(long pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[USER_FIELD]) + Long.parseLong(fields[USER_FIELD + 1])) / TICKS_A_SECOND;
        } catch (NoSuchFileException gone) {
            return 0;
        }
    }

    /// What was used since an earlier look.
    String since(ProcessorUse before) {
        return seconds.entrySet().stream()
                .map(each -> String.format(
                        Locale.ROOT,
                        "%s %.1f s",
                        each.getKey(),
                        each.getValue() - before.seconds().getOrDefault(each.getKey(), 0.0)))
                .collect(Collectors.joining(", "));
    }
}
