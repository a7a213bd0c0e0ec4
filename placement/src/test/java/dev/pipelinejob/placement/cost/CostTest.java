package dev.pipelinejob.placement.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pipelinejob.placement.graph.CostSource;
import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostTest {
    private static final ModelGraph GPT = CatalogueCosts.graph(
            new CatalogueModel.Gpt(4, 64, 4, 32, 256, true), 2, CatalogueCosts.CPU_CORE_FLOPS_PER_SECOND);

    @Test
    void aGptHasItsKnownParameters() {
        long embedding = 256 * 64;
        long expected = embedding + 32 * 64 + 4 * (12 * 64 * 64 + 13 * 64) + 2 * 64 + embedding;

        assertThat(GPT.layers()).hasSize(6);
        assertThat(GPT.parameterBytes()).isEqualTo(4 * expected);
        assertThat(GPT.tiedGroups()).containsEntry("embedding.token.weight", List.of(0, 5));
        assertThat(GPT.cutBytes(1)).isEqualTo(2 * 32 * 64 * 4);
    }

    @Test
    void anMlpPassesItsWholeWindowIntoTheFirstHiddenLayer() {
        ModelGraph mlp = CatalogueCosts.graph(new CatalogueModel.Mlp(3, 64, 16, 256), 8, 1e11);

        assertThat(mlp.layers()).hasSize(5);
        assertThat(mlp.cutBytes(1)).isEqualTo(8 * 16 * 64 * 4);
        assertThat(mlp.cutBytes(2)).isEqualTo(8 * 64 * 4);
        assertThat(mlp.layers().get(1).parameterBytes()).isEqualTo(4 * (16 * 64 * 64 + 64));
    }

    @Test
    void aFasterDeviceComputesInProportion() {
        ModelGraph fast = CatalogueCosts.graph(new CatalogueModel.Gpt(4, 64, 4, 32, 256, true), 2, 1e12);

        for (int index = 0; index < GPT.layers().size(); index++) {
            assertThat(fast.layers().get(index).forwardMicros() * 10)
                    .isCloseTo(GPT.layers().get(index).forwardMicros(), within(1e-9));
        }
    }

    @Test
    void aProfileSumsToWhatWasMeasured() {
        List<MeasuredStage> measured =
                List.of(new MeasuredStage(0, 2, 500, 900, 1), new MeasuredStage(2, 6, 1_000, 2_100, 2));

        ModelGraph profiled = Profile.rescale(GPT, measured);

        StageCosts costs = new StageCosts(profiled);
        assertThat(profiled.costSource()).isEqualTo(CostSource.PROFILED);
        assertThat(costs.forwardMicros(0, 2)).isCloseTo(500, within(1e-9));
        assertThat(costs.backwardMicros(0, 2, false)).isCloseTo(900, within(1e-9));
        assertThat(costs.forwardMicros(2, 6)).isCloseTo(2_000, within(1e-9));
        assertThat(costs.backwardMicros(2, 6, true)).isCloseTo(4_200 + 2_000, within(1e-9));
    }

    @Test
    void aProfileWithAHoleIsRefused() {
        assertThatThrownBy(() -> Profile.rescale(GPT, List.of(new MeasuredStage(1, 6, 1, 1, 1))))
                .hasMessageContaining("[1, 6)")
                .hasMessageContaining("layer 0");
        assertThatThrownBy(() -> Profile.rescale(GPT, List.of(new MeasuredStage(0, 5, 1, 1, 1))))
                .hasMessageContaining("end at layer 5");
    }

    @Test
    void aRouteCrossesPortsAndUplinksUpToTheCommonDomain() {
        Domain left = new Domain("left", Topology.HOST_LEVEL, 1e9, 10, 0, List.of(slot("a"), slot("b")));
        Domain right = new Domain("right", Topology.HOST_LEVEL, 2e9, 20, 0, List.of(slot("c")));
        Topology topology = new Topology(Domain.unlimited("rack", "rack", List.of(left, right)));

        Route near = Route.between(topology, "a", "b");
        Route far = Route.between(topology, "a", "c");

        assertThat(near.links()).extracting(Link::node).containsExactly("a", "b");
        assertThat(far.links()).extracting(Link::node).containsExactly("a", "left", "right", "c");
        assertThat(far.latencyMicros()).isEqualTo(1 + 10 + 20 + 1);
        assertThat(near.transferMicros(4_000_000)).isEqualTo(2 + 1_000);
        assertThat(far.transferMicros(4_000_000)).isEqualTo(32 + 4_000);
    }

    @Test
    void workspaceOfARunIsItsLargest() {
        List<Layer> layers = List.of(layer("a", 5), layer("b", 9), layer("c", 1), layer("d", 7), layer("e", 2));
        StageCosts costs = new StageCosts(ModelGraph.chain("test", layers, CostSource.ESTIMATED));

        for (int first = 0; first < 5; first++) {
            for (int end = first + 1; end <= 5; end++) {
                long expected = layers.subList(first, end).stream()
                        .mapToLong(Layer::workspaceBytes)
                        .max()
                        .orElseThrow();
                assertThat(costs.workingBytes(first, end, false)).isEqualTo(expected);
            }
        }
    }

    private static Slot slot(String name) {
        return new Slot(name, 4e9, 1, 1L << 30, 1);
    }

    private static Layer layer(String name, long workspaceBytes) {
        return new Layer(name, 1, 1, 0, 4, 1, 8, 16, workspaceBytes, List.of());
    }
}
