package dev.pipelinejob.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.operator.admission.Verdict.Admitted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every example is a resource that would be let in.
class ExamplesTest {
    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../examples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsAdmitted(Path example) throws IOException {
        boolean topology = Files.readString(example).contains("kind: InterconnectTopology");

        Verdict<?> verdict = topology
                ? Admission.ofTopologies().admit(example)
                : Admission.ofJobs().admit(example);

        assertThat(verdict).describedAs("%s", verdict).isInstanceOf(Admitted.class);
    }
}
