package dev.pipelinejob.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.WorkerLabels;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.operator.cluster.TestJobs;
import dev.pipelinejob.operator.lifecycle.Seat;
import dev.pipelinejob.operator.workers.AttemptConfigMaps;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The operator against a real API server with four nodes, and jobs of three ranks and one spare.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SparesIT {
    private static final int NODES = 4;
    private static final String ONE_SPARE = """
              workerPools: [{name: workers, spares: 1}]
            """;

    @RegisterExtension
    static final OneOperator OPERATOR = OneOperator.on(NODES);

    private final OperatorFixture operators;

    SparesIT(OperatorFixture operators) {
        this.operators = operators;
    }

    @Test
    void aSpareTakesOverFromItsOwnNodeAndANewOneFollows() throws Exception {
        // given
        PipelineJob job = TestJobs.create(operators.client(), "spared", 3000, ONE_SPARE);
        PipelineJobStatus ready = awaitSpare(job, "1/1");
        List<Seat> before = seats(1);
        Pod lost = pod(before.get(1).slot());
        Pod spare = operators.pods().stream()
                .filter(pod -> before.stream().noneMatch(seat -> seat.slot() == slot(pod)))
                .findFirst()
                .orElseThrow();

        // when
        operators.kill(lost);
        operators.await(job, "attempt 2", status -> Integer.valueOf(2).equals(status.attempt()));
        List<Seat> after = seats(2);
        PipelineJobStatus again = awaitSpare(job, "1/1");

        // then
        assertThat(ready.ready()).isEqualTo("3/3");
        assertThat(operators.pods()).hasSize(NODES);
        assertThat(before).extracting(Seat::node).doesNotContain(node(spare));
        assertThat(after)
                .extracting(Seat::slot)
                .containsExactly(
                        before.get(0).slot(), slot(spare), before.get(2).slot());
        assertThat(after.get(1).incarnation()).isEqualTo(1);
        assertThat(after.get(1).node()).isEqualTo(node(spare));
        assertThat(List.of(after.get(0), after.get(2))).containsExactly(before.get(0), before.get(2));
        assertThat(again.restarts()).isEqualTo(1);
    }

    @Test
    void aJobWithoutRoomForItsSpareTrainsAllTheSame() throws Exception {
        PipelineJob first = TestJobs.create(operators.client(), "modest", 60, """
                  workerPools: [{name: workers, spares: 2}]
                """);

        PipelineJobStatus status = operators.awaitComplete(first);

        assertThat(status.restarts()).isZero();
        assertThat(operators.attempts()).hasSize(1);
    }

    private PipelineJobStatus awaitSpare(PipelineJob job, String spares) throws InterruptedException {
        return operators.await(job, "spares " + spares, status -> spares.equals(status.spares()));
    }

    private List<Seat> seats(int attempt) throws IOException {
        ConfigMap record = operators.attempts().stream()
                .filter(each -> Integer.toString(attempt)
                        .equals(each.getMetadata().getLabels().get(WorkerLabels.ATTEMPT)))
                .findFirst()
                .orElseThrow();
        return AttemptConfigMaps.read(record).seats();
    }

    private Pod pod(int slot) {
        return operators.pods().stream()
                .filter(pod -> slot(pod) == slot)
                .findFirst()
                .orElseThrow();
    }

    private static int slot(Pod pod) {
        return Integer.parseInt(pod.getMetadata().getLabels().get(WorkerLabels.SLOT));
    }

    private static String node(Pod pod) {
        return pod.getSpec().getNodeName();
    }
}
