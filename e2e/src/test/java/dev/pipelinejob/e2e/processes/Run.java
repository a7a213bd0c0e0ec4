package dev.pipelinejob.e2e.processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// `./pipelinejob run` in a process of its own, seen through its folder. Closing it leaves no process behind.
final class Run implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final int TAIL_LINES = 15;

    private final Path directory;
    private final Path output;
    private final Process driver;
    private Instant startedAt;
    private final TreeSet<Long> seenPids = new TreeSet<>();

    private Run(Path directory, Path output, Process driver) {
        this.directory = directory;
        this.output = output;
        this.driver = driver;
        this.startedAt = driver.info().startInstant().orElse(Instant.MIN);
    }

    static Run start(SmallJob job, Path directory) throws IOException {
        return start(job, directory, "");
    }

    /// @param fault where engines end themselves, in the words of `PIPELINEJOB_FAULT`; empty for nowhere
    static Run start(SmallJob job, Path directory, String fault) throws IOException {
        Path output = directory.resolveSibling(directory.getFileName() + ".out");
        ProcessBuilder builder = new ProcessBuilder(
                        Checkout.launcher().toString(), "run", job.yaml().toString(), "--dir", directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        if (!fault.isEmpty()) {
            builder.environment().put("PIPELINEJOB_FAULT", fault);
        }
        return new Run(directory, output, builder.start());
    }

    Path directory() {
        return directory;
    }

    Status status() throws IOException {
        Status status = Status.read(directory);
        for (Status.Worker worker : status.workers()) {
            seenPids.add(worker.pid());
            seenPids.add(worker.supervisorPid());
        }
        return status;
    }

    /// The first status of this driver that the condition holds for.
    Status await(String what, Predicate<Status> condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            boolean ended = !driver.isAlive();
            Status status = status();
            if (condition.test(status)) {
                return status;
            }
            if (ended) {
                throw new AssertionError("The run ended before " + what + ". " + tail());
            }
            Thread.sleep(LOOK_EVERY);
        }
        throw new AssertionError("Not within " + LIMIT.toSeconds() + " s: " + what + ". " + tail());
    }

    /// Losses that `attempt` has recorded so far: workers write them, also without a driver.
    int losses(int attempt) throws IOException {
        Path segment = directory.resolve("checkpoints/loss/attempt-" + attempt + ".csv");
        return Files.exists(segment) ? Files.readAllLines(segment).size() : 0;
    }

    void awaitLosses(int attempt, int rows) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (losses(attempt) < rows) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Attempt " + attempt + " did not record " + rows + " losses. " + tail());
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    /// Waits for the end in good order.
    Result awaitComplete() throws IOException, InterruptedException {
        if (awaitExit() != 0) {
            throw new AssertionError("The run ended with exit code " + driver.exitValue() + ". " + tail());
        }
        return Result.of(directory);
    }

    int awaitExit() throws InterruptedException, IOException {
        if (!driver.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("The run did not end within " + LIMIT.toSeconds() + " s. " + tail());
        }
        return driver.exitValue();
    }

    /// Whether this run's driver wrote the status.
    boolean isBy(Status status) {
        return driverPids().contains(status.driverPid());
    }

    /// Makes this run answer for the processes of one whose driver is dead.
    void takeOver(Run before) {
        seenPids.addAll(before.seenPids);
        startedAt = before.startedAt;
    }

    boolean isAlive() {
        return driver.isAlive();
    }

    /// Ends the driver and leaves the workers to themselves.
    void killDriver() {
        kill(driverPids());
        driver.onExit().join();
    }

    /// Ends all at once: driver, supervisors, engines, standbys.
    void killEverything() throws IOException {
        Status _ = status();
        List<Long> all = new ArrayList<>(driverPids());
        for (long pid : seenPids) {
            ProcessHandle.of(pid).filter(this::isOurs).ifPresent(found -> {
                all.add(found.pid());
                found.descendants().map(ProcessHandle::pid).forEach(all::add);
            });
        }
        kill(all);
        driver.onExit().join();
    }

    /// The launcher becomes the driver by `exec`; should it not, its child is the driver.
    private List<Long> driverPids() {
        return isJava(driver.toHandle())
                ? List.of(driver.pid())
                : driver.children().filter(Run::isJava).map(ProcessHandle::pid).toList();
    }

    /// A number in a status may belong to another process by now.
    private boolean isOurs(ProcessHandle process) {
        Instant start = process.info().startInstant().orElse(Instant.MIN);
        return isJava(process) && !start.isBefore(startedAt);
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("java");
    }

    static void kill(List<Long> pids) {
        pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    /// Sends a signal by its name, such as STOP.
    static void signal(String name, long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("Process " + pid + " could not be sent " + name + ".");
        }
    }

    String tail() throws IOException {
        List<String> lines = Files.readAllLines(output);
        return "Its last words: "
                + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()))
                + "\nIts last status: " + Status.read(directory);
    }

    @Override
    public void close() throws IOException {
        killEverything();
    }
}
