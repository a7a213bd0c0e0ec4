package dev.pipelinejob.e2e.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.e2e.processes.Checkout;
import dev.pipelinejob.e2e.processes.SmallJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk of 1.6 MB, in a mount namespace of its own, so that no rights are needed and nothing stays mounted: it takes
/// one checkpoint and half of the next.
class FullDiskIT {
    private static final int STEPS = 30;
    private static final int EVERY_STEPS = 10;
    private static final long NAMESPACE_MINUTES = 5;

    /// What happens inside: a run that fills the disk, the folder as it is then, more room, the same run again.
    private static final String INSIDE = """
            mkdir "$WORK/DIR" && mount -t tmpfs -o size=1600k tmpfs "$WORK/DIR" || exit 99
            "$LAUNCHER" run "$WORK/job.yaml" --dir "$WORK/DIR" >"$WORK/full.out" 2>"$WORK/full.err"
            echo $? >"$WORK/full.code"
            ls "$WORK/DIR/checkpoints/step-10" >"$WORK/kept"
            mount -o remount,size=100m "$WORK/DIR" || exit 99
            "$LAUNCHER" run "$WORK/job.yaml" --dir "$WORK/DIR" >"$WORK/again.out" 2>"$WORK/again.err"
            echo $? >"$WORK/again.code"
            cp "$WORK/DIR/loss.csv" "$WORK/loss.csv"
            """;

    @Test
    void isToldInASentenceAndTheSameCommandGoesOnWhenThereIsRoom(@TempDir Path folder) throws Exception {
        SmallJob job = SmallJob.in(folder, STEPS, EVERY_STEPS);
        ProcessBuilder builder = new ProcessBuilder("unshare", "-rm", "sh", "-c", INSIDE)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("namespace.out").toFile());
        builder.environment().put("WORK", folder.toString());
        builder.environment().put("LAUNCHER", Checkout.launcher().toString());
        Process inside = builder.start();

        assertThat(inside.waitFor(NAMESPACE_MINUTES, TimeUnit.MINUTES)).isTrue();
        assertThat(inside.exitValue())
                .as("a mount namespace with a small disk: %s", Files.readString(folder.resolve("namespace.out")))
                .isZero();
        Sentences.assertFailure(ended(folder, "full"), List.of("DIR", "full", "free some space"));
        assertThat(Files.readString(folder.resolve("kept"))).contains("manifest.json");
        Command again = ended(folder, "again");
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(Files.readAllLines(folder.resolve("loss.csv"))).hasSize(1 + job.steps());
    }

    private static Command ended(Path folder, String name) throws IOException {
        return new Command(
                Integer.parseInt(
                        Files.readString(folder.resolve(name + ".code")).strip()),
                Files.readString(folder.resolve(name + ".out")),
                Files.readString(folder.resolve(name + ".err")));
    }
}
