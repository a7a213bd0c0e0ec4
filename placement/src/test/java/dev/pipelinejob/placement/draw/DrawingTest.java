package dev.pipelinejob.placement.draw;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.placement.cost.CatalogueCosts;
import dev.pipelinejob.placement.cost.CatalogueModel;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.simulate.Span;
import dev.pipelinejob.placement.solve.Outcome;
import dev.pipelinejob.placement.solve.PlacementProblem;
import dev.pipelinejob.placement.solve.Planner;
import dev.pipelinejob.placement.solve.Rematerialization;
import dev.pipelinejob.placement.solve.SearchLimit;
import dev.pipelinejob.placement.solve.StageLimits;
import dev.pipelinejob.placement.solve.Strategy;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class DrawingTest {
    private static final ModelGraph GPT = CatalogueCosts.graph(
            new CatalogueModel.Gpt(14, 256, 8, 128, 256, true), 4, CatalogueCosts.CPU_CORE_FLOPS_PER_SECOND);
    private static final Topology CLUSTER = cluster(3, 3);
    private static final Outcome.Found FOUND = plan();

    @Test
    void thePlacementNamesAllStagesAndSlots() throws Exception {
        String svg = PlacementDrawing.svg(GPT, CLUSTER, FOUND.plan(), FOUND.simulation());

        Document document = parse(svg);
        for (int stage = 0; stage < FOUND.plan().stages().size(); stage++) {
            assertThat(document.getDocumentElement().getTextContent()).contains("stage " + stage + ", layers");
        }
        for (Slot slot : CLUSTER.slots()) {
            assertThat(svg).contains(slot.name());
        }
        assertThat(svg).contains("uplink 1.25 GB/s").contains("predicted step");
    }

    @Test
    void theTimelineNamesAllWorkersTwiceAndBothStepTimes() throws Exception {
        List<Span> measured = jittered(FOUND.simulation().timeline());

        String svg =
                TimelineDrawing.svg("char-gpt <step 40>", FOUND.simulation().timeline(), measured);

        String text = parse(svg).getDocumentElement().getTextContent();
        for (int rank = 0; rank < FOUND.plan().slots().size(); rank++) {
            assertThat(text.split("worker " + rank + "\n", -1)).hasSize(3);
        }
        assertThat(text).contains("Predicted step").contains("measured step").contains("char-gpt <step 40>");
    }

    @Test
    void aTimelineWithoutMeasurementIsThePredictionAlone() throws Exception {
        String svg = TimelineDrawing.svg("plan", FOUND.simulation().timeline(), List.of());

        assertThat(parse(svg).getDocumentElement().getTextContent()).doesNotContain("Measured");
    }

    private static List<Span> jittered(List<Span> spans) {
        Random random = new Random(7);
        double scale = 1.04;
        return spans.stream()
                .map(span -> new Span(
                        span.rank(),
                        span.kind(),
                        span.stage(),
                        span.microBatch(),
                        span.startMicros() * scale + random.nextInt(50),
                        span.endMicros() * scale + random.nextInt(50)))
                .toList();
    }

    private static Outcome.Found plan() {
        PlacementProblem problem = new PlacementProblem(
                GPT,
                CLUSTER,
                32,
                ScheduleKind.ONE_FORWARD_ONE_BACKWARD,
                Rematerialization.AUTO,
                StageLimits.exactly(8),
                new Strategy.Optimize());
        return Planner.solve(problem, SearchLimit.work(Long.MAX_VALUE)).found().orElseThrow();
    }

    private static Topology cluster(int hosts, int slots) {
        List<Node> children = new ArrayList<>();
        for (int host = 0; host < hosts; host++) {
            List<Node> inside = new ArrayList<>();
            for (int index = 0; index < slots; index++) {
                inside.add(new Slot("n" + host + "/slot-" + index, 4e9, 60, 1L << 30, 1));
            }
            children.add(new Domain("n" + host, Topology.HOST_LEVEL, 1.25e9, 120, 0, inside));
        }
        return new Topology(Domain.unlimited("rack-1", "rack", children));
    }

    private static Document parse(String svg) throws ParserConfigurationException, IOException, SAXException {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
