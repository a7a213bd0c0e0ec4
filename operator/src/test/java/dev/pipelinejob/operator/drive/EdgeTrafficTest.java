package dev.pipelinejob.operator.drive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.protocol.control.EdgeBytes;
import dev.pipelinejob.protocol.control.Progress;
import dev.pipelinejob.protocol.plan.Operation;
import dev.pipelinejob.protocol.plan.OperationKind;
import dev.pipelinejob.protocol.plan.OperationLists;
import java.util.List;
import org.junit.jupiter.api.Test;

class EdgeTrafficTest {
    private static final List<OperationLists> LISTS = List.of(
            OperationLists.newBuilder()
                    .addStep(send(OperationKind.SEND_ACTIVATION, 1, 100))
                    .addStep(send(OperationKind.SEND_ACTIVATION, 1, 100))
                    .addStep(send(OperationKind.RECEIVE_GRADIENT, 1, 100))
                    .build(),
            OperationLists.newBuilder()
                    .addStep(send(OperationKind.SEND_GRADIENT, 0, 70))
                    .addCheckpoint(send(OperationKind.SEND_PART, 0, 1000))
                    .build());

    private final EdgeTraffic traffic = new EdgeTraffic();

    private static Operation send(OperationKind kind, int peer, long bytes) {
        return Operation.newBuilder()
                .setKind(kind)
                .setPeer(peer)
                .setBytes(bytes)
                .build();
    }

    private void received(int attempt, int from, int to, long bytes) {
        traffic.take(Progress.newBuilder()
                .setAttempt(attempt)
                .addEdgeBytes(
                        EdgeBytes.newBuilder().setFromRank(from).setToRank(to).setBytes(bytes))
                .build());
    }

    @Test
    void addsWhatAStepSendsAndPutsWhatCameBesideIt() {
        received(1, 0, 1, 200);

        assertThat(traffic.beside(LISTS))
                .containsExactly(new EdgeTraffic.Edge(0, 1, 200, 200), new EdgeTraffic.Edge(1, 0, 70, 0));
    }

    @Test
    void anEdgeThatNobodyPredictedIsShown() {
        received(1, 1, 2, 5);

        assertThat(traffic.beside(LISTS)).contains(new EdgeTraffic.Edge(1, 2, 0, 5));
    }

    @Test
    void whatAnOlderAttemptReportsLateDoesNotCount() {
        received(2, 0, 1, 200);
        received(1, 0, 1, 7);

        assertThat(traffic.beside(LISTS)).contains(new EdgeTraffic.Edge(0, 1, 200, 200));
    }
}
