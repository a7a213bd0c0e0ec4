package dev.pipelinejob.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class HarnessLeavesNothingIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /// Some processes are there by then and others are not, on any machine.
    private static final List<Duration> MOMENTS = List.of(Duration.ofSeconds(1), Duration.ofSeconds(3));

    @Test
    void aStartThatIsKilledInTheMiddleIsCleanedUp() throws Exception {
        Assumptions.assumeTrue(
                System.getenv().getOrDefault("KUBECONFIG", "").isEmpty(), "This case needs the own cluster.");
        for (Duration moment : MOMENTS) {
            Process up = new ProcessBuilder(Cluster.script("up.sh"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = up.waitFor(moment.toMillis(), TimeUnit.MILLISECONDS);
            up.descendants().forEach(ProcessHandle::destroyForcibly);
            up.destroyForcibly().waitFor();
            assertThat(ended).isFalse();

            String _ = new Program(Map.of(), LIMIT).run(List.of(Cluster.script("down.sh")));

            assertThat(Leftovers.find()).isEmpty();
        }
    }
}
