package dev.pipelinejob.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// The run that nobody disturbs: trained once for all tests that compare with it.
///
/// @param home where it lies; removed when all tests are over
/// @param job what it trained, and what others are to train
/// @param result what it left
/// @param status its last words
record Undisturbed(Path home, SmallJob job, Result result, Status status) implements AutoCloseable {
    private static final int STEPS = 60;
    private static final int EVERY_STEPS = 10;

    private static Undisturbed train() {
        try {
            Path home = Files.createTempDirectory("undisturbed");
            SmallJob job = SmallJob.in(home, STEPS, EVERY_STEPS);
            try (Run run = Run.start(job, home.resolve("run"))) {
                run.await("the first steps", status -> status.isWhole() && status.step() > 0);
                Result result = run.awaitComplete();
                assertThat(result.rows()).isEqualTo(STEPS);
                return new Undisturbed(home, job, result, run.status());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        List<Path> all;
        try (Stream<Path> tree = Files.walk(home)) {
            all = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.delete(each);
        }
    }

    /// Hands the one run to every test class that asks for it.
    static final class Once implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Undisturbed.class;
        }

        @Override
        public Undisturbed resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(Undisturbed.class, _ -> train(), Undisturbed.class);
        }
    }
}
