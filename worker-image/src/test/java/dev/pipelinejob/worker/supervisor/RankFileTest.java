package dev.pipelinejob.worker.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.plan.Peer;
import dev.pipelinejob.protocol.plan.PlanSpec;
import dev.pipelinejob.protocol.plan.Stage;
import org.junit.jupiter.api.Test;

class RankFileTest {
    private static final Prepare SECOND_OF_TWO = Prepare.newBuilder()
            .setAttempt(4)
            .setRank(1)
            .setResumeStep(120)
            .setPlan(PlanSpec.newBuilder()
                    .setWorldSize(2)
                    .addStages(Stage.newBuilder().setIndex(0).setRank(0))
                    .addStages(Stage.newBuilder().setIndex(1).setRank(1))
                    .addStages(Stage.newBuilder().setIndex(2).setRank(1)))
            .addPeers(Peer.newBuilder().setRank(0).setAddress("10.244.1.5:40001"))
            .addPeers(Peer.newBuilder().setRank(1).setAddress("10.244.2.7:40002"))
            .build();

    @Test
    void saysWhoTheWorkerIsInTheWordsOfLaunchers() {
        assertThat(RankFile.variables(SECOND_OF_TWO))
                .containsEntry("RANK", "1")
                .containsEntry("WORLD_SIZE", "2")
                .containsEntry("LOCAL_RANK", "0")
                .containsEntry("MASTER_ADDR", "10.244.1.5")
                .containsEntry("PIPELINEJOB_ATTEMPT", "4")
                .containsEntry("PIPELINEJOB_RESUME_STEP", "120")
                .containsEntry("PIPELINEJOB_STAGES", "1,2");
    }

    @Test
    void withoutARootThereIsNoMaster() {
        assertThat(RankFile.variables(SECOND_OF_TWO.toBuilder().clearPeers().build()))
                .doesNotContainKeys("MASTER_ADDR", "MASTER_PORT");
    }
}
