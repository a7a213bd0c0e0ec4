package dev.pipelinejob.worker.engine.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.worker.engine.EngineSpec;
import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec.Gpt;
import dev.pipelinejob.worker.engine.EngineSpec.OptimizerSpec.Sgd;
import dev.pipelinejob.worker.engine.torch.TorchEngine;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerProfilerIT {
    @Test
    void measuresEveryLayerOfTheModel() {
        EngineSpec spec = new EngineSpec(new Gpt(2, 32, 4, 16, 64, 0.1, true), new Sgd(0, 0), 1, 4, 1, List.of());
        try (TorchEngine engine = new TorchEngine()) {
            List<LayerProfile> profiles = new LayerProfiler(engine, 5).profile(spec);

            assertThat(profiles)
                    .extracting(LayerProfile::name)
                    .containsExactly("embedding", "block", "block", "gpt-head");
            assertThat(profiles).allMatch(layer -> layer.forwardMicros() > 0 && layer.backwardMicros() > 0);
            assertThat(profiles)
                    .extracting(LayerProfile::outputBytes)
                    .containsExactly(4L * 4 * 16 * 32, 4L * 4 * 16 * 32, 4L * 4 * 16 * 32, 0L);
            assertThat(profiles.get(1).parameterBytes()).isEqualTo(4L * (12 * 32 * 32 + 13 * 32));
            assertThat(profiles.getLast().parameterBytes())
                    .as("tied: counted once")
                    .isEqualTo(4L * 2 * 32);
            assertThat(profiles).allMatch(layer -> layer.stashBytes() > 0);
        }
    }
}
