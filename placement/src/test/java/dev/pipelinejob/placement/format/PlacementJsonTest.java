package dev.pipelinejob.placement.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipelinejob.placement.cost.CatalogueCosts;
import dev.pipelinejob.placement.cost.CatalogueModel;
import dev.pipelinejob.placement.graph.CostSource;
import dev.pipelinejob.placement.graph.Edge;
import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.plan.Stage;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementJsonTest {
    @Test
    void aGraphSurvivesTheRoundTrip() {
        ModelGraph chain = CatalogueCosts.graph(new CatalogueModel.Gpt(3, 16, 2, 8, 32, true), 2, 1e11);
        List<Layer> layers = chain.layers().subList(0, 3);
        ModelGraph branching =
                new ModelGraph("branching", layers, List.of(new Edge(0, 1), new Edge(0, 2)), CostSource.PROFILED);

        assertThat(PlacementJson.readGraph(PlacementJson.writeGraph(chain))).isEqualTo(chain);
        assertThat(PlacementJson.readGraph(PlacementJson.writeGraph(branching))).isEqualTo(branching);
    }

    @Test
    void aTopologySurvivesTheRoundTrip() {
        Slot slot = new Slot("gpu-0", 2.5e10, 3, 1L << 36, 1.5);
        Slot unlimited = new Slot("gpu-1", Double.POSITIVE_INFINITY, 0, 1L << 36, 1.5);
        Domain host = new Domain("n1", Topology.HOST_LEVEL, 1.25e9, 20, 2, List.of(slot, unlimited));
        Topology topology = new Topology(Domain.unlimited("rack", "rack", List.of(host)));

        assertThat(PlacementJson.readTopology(PlacementJson.writeTopology(topology))
                        .root())
                .isEqualTo(topology.root());
    }

    @Test
    void aPlanSurvivesTheRoundTrip() {
        List<Stage> stages = List.of(new Stage(0, 0, 2, 0), new Stage(1, 2, 3, 1), new Stage(2, 3, 5, 0));
        Plan plan = new Plan(ScheduleKind.GPIPE, 8, true, stages, List.of("a", "b"));

        assertThat(PlacementJson.readPlan(PlacementJson.writePlan(plan))).isEqualTo(plan);
    }

    @Test
    void unreadableInputIsOneSentenceWithThePlace() {
        assertThatThrownBy(() -> PlacementJson.readGraph("{\"name\": \"m\", \"costSource\": \"Estimated\", \"layers\":"
                        + " [{\"name\": \"a\", \"forwardMicros\": \"fast\"}]}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("In the JSON, graph.layers[0].forwardMicros is \"fast\": it must be a number.");
        assertThatThrownBy(() -> PlacementJson.readPlan("{\"schedule\": \"GPipe\"}"))
                .hasMessage("In the JSON, plan has no stages: give it a list.");
        assertThatThrownBy(() -> PlacementJson.readTopology("{\"name\": "))
                .hasMessageContaining("not JSON")
                .hasMessageContaining("line 1");
        assertThatThrownBy(() -> PlacementJson.readTopology("[]")).hasMessageContaining("must be an object");
        assertThatThrownBy(
                        () -> PlacementJson.readGraph("{\"name\": \"m\", \"costSource\": \"Guessed\", \"layers\": []}"))
                .hasMessageContaining("Estimated or Profiled");
    }
}
