package dev.pipelinejob.operator.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.pipelinejob.operator.local.WorkerCommand;
import dev.pipelinejob.operator.planning.LocalMachine;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where the parts of this program lie and what machine it runs on, as the launcher and the JVM say.
///
/// @param workerClassPath class path of the worker; empty when the launcher did not say
/// @param workerMain main class of the worker
/// @param workerFlags JVM flags of the supervisor
/// @param workerCache the supervisor's start-up cache; empty when the launcher did not say
/// @param javaHome the JDK that runs this
/// @param environment this process's environment
/// @param workingFolder where the command was given
record Installation(
        String workerClassPath,
        String workerMain,
        List<String> workerFlags,
        String workerCache,
        Path javaHome,
        Map<String, String> environment,
        Path workingFolder) {
    /// The only variables of our own environment that workers see.
    /// The last two choose kernels: with them machines of several kinds compute the same bits.
    private static final List<String> PASSED_ON = List.of(
            "PATH",
            "HOME",
            "LANG",
            "LC_ALL",
            "TZ",
            "TMPDIR",
            "PIPELINEJOB_FAULT",
            "PIPELINEJOB_ENGINE_OPTIONS",
            "ATEN_CPU_CAPABILITY",
            "OPENBLAS_CORETYPE");
    /// Further options of the supervisors' JVM; those of the engines are theirs to add.
    private static final String SUPERVISOR_OPTIONS = "PIPELINEJOB_SUPERVISOR_OPTIONS";
    /// What the driver and the operating system need stays free.
    private static final double MEMORY_FOR_WORKERS = 0.8;

    static Installation ofThisProcess() {
        return new Installation(
                System.getProperty("pipelinejob.worker.classpath", ""),
                System.getProperty("pipelinejob.worker.main", "dev.pipelinejob.worker.Main"),
                words(System.getProperty("pipelinejob.worker.flags", "")),
                System.getProperty("pipelinejob.worker.cache", ""),
                Path.of(System.getProperty("java.home")),
                System.getenv(),
                Path.of("").toAbsolutePath());
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    WorkerCommand workerCommand() throws UserError {
        if (workerClassPath.isEmpty()) {
            throw new UserError("The worker's class path is not set: start this program by ./pipelinejob.");
        }
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin/java").toString());
        command.addAll(workerFlags);
        if (!workerCache.isEmpty() && Files.exists(Path.of(workerCache))) {
            command.addAll(List.of("-XX:AOTCache=" + workerCache, "-Xlog:aot*=off,cds*=off"));
        }
        command.addAll(words(environment.getOrDefault(SUPERVISOR_OPTIONS, "")));
        command.addAll(List.of("-cp", workerClassPath, workerMain, "supervisor"));
        Map<String, String> passedOn = new LinkedHashMap<>();
        for (String name : PASSED_ON) {
            String value = environment.get(name);
            if (value != null) {
                passedOn.put(name, value);
            }
        }
        passedOn.put("OPENBLAS_NUM_THREADS", "1");
        passedOn.put("OMP_NUM_THREADS", "1");
        return new WorkerCommand(command, passedOn, workingFolder);
    }

    static LocalMachine machine() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new LocalMachine(
                Runtime.getRuntime().availableProcessors(),
                Math.round(system.getTotalMemorySize() * MEMORY_FOR_WORKERS));
    }
}
