package dev.pipelinejob.placement.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipelinejob.placement.cost.CatalogueCosts;
import dev.pipelinejob.placement.cost.CatalogueModel;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final ModelGraph GRAPH = CatalogueCosts.graph(new CatalogueModel.Mlp(2, 8, 4, 16), 1, 1e11);
    private static final Topology TOPOLOGY = Topology.flat(2, new Slot("s", 1e9, 0, 1_000, 1));
    private static final List<String> SLOTS = List.of("s-0", "s-1");

    @Test
    void aLegalPlanHasNoOffence() {
        assertThat(check(SLOTS, new Stage(0, 0, 2, 0), new Stage(1, 2, 4, 1))).isEmpty();
        assertThat(check(SLOTS, new Stage(0, 0, 1, 1), new Stage(1, 1, 3, 0), new Stage(2, 3, 4, 1)))
                .isEmpty();
    }

    @Test
    void everyOffenceIsNamed() {
        assertThat(check(SLOTS, new Stage(0, 0, 1, 0), new Stage(1, 2, 4, 1)))
                .singleElement()
                .asString()
                .contains("begins at layer 2");
        assertThat(check(SLOTS, new Stage(0, 0, 1, 0), new Stage(1, 1, 3, 1)))
                .singleElement()
                .asString()
                .contains("the model has 4 layers");
        assertThat(check(SLOTS, new Stage(0, 0, 4, 0)))
                .singleElement()
                .asString()
                .contains("Rank 1 on slot s-1");
        assertThat(check(SLOTS, new Stage(0, 0, 2, 0), new Stage(1, 2, 3, 1), new Stage(2, 3, 4, 2)))
                .singleElement()
                .asString()
                .contains("only 2 workers");
        assertThat(check(List.of("s-0", "s-0"), new Stage(0, 0, 2, 0), new Stage(1, 2, 4, 1)))
                .singleElement()
                .asString()
                .contains("two workers");
        assertThat(check(List.of("s-0", "x"), new Stage(0, 0, 2, 0), new Stage(1, 2, 4, 1)))
                .singleElement()
                .asString()
                .contains("slot x");
        assertThat(check(SLOTS, new Stage(1, 0, 2, 0), new Stage(0, 2, 4, 1))).hasSize(2);
    }

    @Test
    void anUnknownScheduleNamesTheKnownOnes() {
        assertThatThrownBy(() -> ScheduleKind.ofWord("ZeroBubble"))
                .hasMessage("There is no schedule ZeroBubble: choose one of GPipe, OneForwardOneBackward.");
    }

    private static List<String> check(List<String> slots, Stage... stages) {
        return new Plan(ScheduleKind.GPIPE, 2, false, List.of(stages), slots).check(GRAPH, TOPOLOGY);
    }
}
