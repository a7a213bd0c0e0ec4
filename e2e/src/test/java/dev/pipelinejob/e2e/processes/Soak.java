package dev.pipelinejob.e2e.processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// Trains a small job twice, the second time under random kills from a seed, compares the two byte by byte and prints
/// what the kills cost. `scripts/soak.sh` starts it.
public final class Soak {
    private static final int EVERY_STEPS = 10;
    /// Most steps from the first step after a recovery to the next kill.
    private static final int MOST_STEPS_BETWEEN_KILLS = 8;
    /// More than kills can pass over, so that all of them find the job at work.
    private static final int STEPS_A_KILL = 14;

    private static final double SUPERVISORS = 0.2;
    private static final double DRIVERS = 0.1;
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);
    private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(3);
    private static final double NANOS_A_SECOND = 1e9;

    private final SmallJob job;
    private final Path directory;
    private final Random random;
    private final List<Double> recoveries = new ArrayList<>();
    private final Map<Victim, Integer> killed = new EnumMap<>(Victim.class);
    private Run run;

    private enum Victim {
        ENGINE,
        SUPERVISOR,
        DRIVER
    }

    private Soak(SmallJob job, Path directory, Random random) throws IOException {
        this.job = job;
        this.directory = directory;
        this.random = random;
        this.run = Run.start(job, directory);
    }

    /// Arguments: the number of kills, the seed.
    public static void main(String[] arguments) throws Exception {
        int kills = Integer.parseInt(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        Path folder = Files.createTempDirectory("soak");
        SmallJob job = SmallJob.in(folder, kills * STEPS_A_KILL, EVERY_STEPS);
        System.out.printf(Locale.ROOT, "%d kills from seed %d, %d steps, in %s%n", kills, seed, job.steps(), folder);
        System.exit(passes(job, folder, kills, new Random(seed)) ? 0 : 1);
    }

    private static boolean passes(SmallJob job, Path folder, int kills, Random random) throws Exception {
        Soak calm = new Soak(job, folder.resolve("undisturbed"), random);
        double calmSeconds = calm.train(0);
        Soak disturbed = new Soak(job, folder.resolve("disturbed"), random);
        double seconds = disturbed.train(kills);
        boolean equal = Result.of(calm.directory).equals(Result.of(disturbed.directory));
        disturbed.tell(calmSeconds, seconds, equal);
        return equal;
    }

    /// Answers the seconds from the first loss to the end.
    private double train(int kills) throws IOException, InterruptedException {
        try {
            awaitLoss(1, 1);
            long start = System.nanoTime();
            for (int kill = 0; kill < kills; kill++) {
                int attempt = newestAttempt();
                awaitLoss(attempt, 1 + random.nextInt(MOST_STEPS_BETWEEN_KILLS));
                kill(attempt);
            }
            Result _ = run.awaitComplete();
            return (System.nanoTime() - start) / NANOS_A_SECOND;
        } finally {
            run.close();
        }
    }

    private void kill(int attempt) throws IOException, InterruptedException {
        Victim victim = draw();
        int rank = random.nextInt(SmallJob.WORKERS);
        killed.merge(victim, 1, Integer::sum);
        long start = System.nanoTime();
        switch (victim) {
            case ENGINE -> {
                int slot = AttemptFile.read(directory, attempt).slotOf(rank);
                Run.kill(List.of(AttemptFile.read(directory, attempt).engines().get(slot)));
                awaitRecovery(attempt);
            }
            case SUPERVISOR -> {
                Run.kill(List.of(run.await("a whole status", Status::isWhole)
                        .worker(rank)
                        .supervisorPid()));
                awaitRecovery(attempt);
            }
            case DRIVER -> {
                run.killDriver();
                int losses = run.losses(attempt);
                Run before = run;
                run = Run.start(job, directory);
                run.takeOver(before);
                awaitLoss(attempt, losses + 1);
                run.await("the new driver sees all", status -> run.isBy(status) && status.isWhole());
                return;
            }
        }
        recoveries.add((System.nanoTime() - start) / NANOS_A_SECOND);
    }

    private Victim draw() {
        double drawn = random.nextDouble();
        return drawn < DRIVERS ? Victim.DRIVER : drawn < DRIVERS + SUPERVISORS ? Victim.SUPERVISOR : Victim.ENGINE;
    }

    private void awaitLoss(int attempt, int rows) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + RECOVERY_LIMIT.toNanos();
        while (run.losses(attempt) < rows) {
            if (System.nanoTime() > deadline || !run.isAlive()) {
                throw new AssertionError("Attempt " + attempt + " has no " + rows + " losses. " + run.tail());
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    /// Waits for the first loss of an attempt after this one.
    private void awaitRecovery(int attempt) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + RECOVERY_LIMIT.toNanos();
        int newest = attempt;
        while (newest == attempt || run.losses(newest) == 0) {
            if (System.nanoTime() > deadline || !run.isAlive()) {
                throw new AssertionError("No recovery from the end of attempt " + attempt + ". " + run.tail());
            }
            Thread.sleep(LOOK_EVERY);
            newest = newestAttempt();
        }
    }

    private int newestAttempt() {
        int attempt = 1;
        while (Files.exists(AttemptFile.of(directory, attempt + 1))) {
            attempt++;
        }
        return attempt;
    }

    private void tell(double calmSeconds, double seconds, boolean equal) throws IOException {
        int trained = 0;
        for (int attempt = 1; attempt <= newestAttempt(); attempt++) {
            trained += run.losses(attempt);
        }
        List<Double> sorted = recoveries.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                """
                killed                 %d engines, %d supervisors, %d drivers
                losses and weights     %s
                steps trained twice    %d of %d
                kill -> next step      median %.2f s, maximum %.2f s (engines and supervisors)
                wall time              %.1f s; undisturbed %.1f s
                goodput                %.1f %%
                """,
                killed.getOrDefault(Victim.ENGINE, 0),
                killed.getOrDefault(Victim.SUPERVISOR, 0),
                killed.getOrDefault(Victim.DRIVER, 0),
                equal ? "equal to the undisturbed run, byte by byte" : "DIFFERENT",
                trained - job.steps(),
                job.steps(),
                sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2),
                sorted.isEmpty() ? 0 : sorted.getLast(),
                seconds,
                calmSeconds,
                100 * calmSeconds / seconds);
    }
}
