package dev.pipelinejob.operator.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.api.v1alpha1.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a cluster asks for that one machine does not.
class ClusterNeedsTest {
    private static final Volume STORE = new Volume(new Volume.Claim("ckpt"));

    private static PipelineJobSpec spec(String without) throws IOException {
        String yaml = Files.readString(Path.of("src/test/resources/workers/smallest/in-job.yaml"));
        return GoldenPodsTest.job(yaml.replace(without, "")).getSpec();
    }

    @Test
    void aJobWithSourceAndStoreCanRun() throws IOException {
        assertThat(ClusterNeeds.refusal(spec("nothing of it"))).isNull();
    }

    @Test
    void aJobWithoutAStoreIsToldToNameAClaim() throws IOException {
        assertThat(ClusterNeeds.refusal(spec("""
                checkpoint:
                  store:
                    persistentVolumeClaim:
                      claimName: ckpt
                """.indent(2)))).startsWith("spec.checkpoint.store is missing");
    }

    @Test
    void aRelativePathWithoutASourceIsRefused() throws IOException {
        assertThat(ClusterNeeds.refusal(spec("""
                source:
                  persistentVolumeClaim:
                    claimName: corpora
                """.indent(6))))
                .startsWith("spec.data.text.path \"corpus\" is relative but spec.data.text.source is missing");
    }

    @Test
    void aClaimForOneNodeCarriesAPlanOnOneNode() {
        List<String> modes = List.of("ReadWriteOnce");

        assertThat(ClusterNeeds.storeRefusal(STORE, modes, 3, 1)).isNull();
        assertThat(ClusterNeeds.storeRefusal(STORE, modes, 3, 2))
                .isEqualTo("Claim ckpt is ReadWriteOnce but the plan has workers on 2 nodes: use a ReadWriteMany claim"
                        + " in spec.checkpoint.store, or make the job fit on one node.");
    }

    @Test
    void aClaimForOnePodCarriesOneWorker() {
        List<String> modes = List.of("ReadWriteOncePod");

        assertThat(ClusterNeeds.storeRefusal(STORE, modes, 1, 1)).isNull();
        assertThat(ClusterNeeds.storeRefusal(STORE, modes, 2, 1)).contains("the plan has 2 workers");
    }

    @Test
    void aClaimForReadersIsNoStore() {
        assertThat(ClusterNeeds.storeRefusal(STORE, List.of("ReadOnlyMany"), 1, 1))
                .contains("can only be read");
        assertThat(ClusterNeeds.storeRefusal(STORE, List.of("ReadOnlyMany", "ReadWriteMany"), 9, 9))
                .isNull();
    }
}
