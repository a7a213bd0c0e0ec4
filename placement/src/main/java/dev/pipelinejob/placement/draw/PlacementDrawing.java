package dev.pipelinejob.placement.draw;

import dev.pipelinejob.placement.cost.Link;
import dev.pipelinejob.placement.cost.Route;
import dev.pipelinejob.placement.draw.Svg.Area;
import dev.pipelinejob.placement.draw.Svg.Box;
import dev.pipelinejob.placement.draw.Svg.Lettering;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.Stage;
import dev.pipelinejob.placement.simulate.Simulation;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The stages on the tree of machines, with the bytes that cross each link.
public final class PlacementDrawing {
    private static final String[] STAGE_COLOURS = {"#dbeafe", "#fde8d0", "#d9f2e3", "#ede4f9", "#fbe3ee", "#e3eef0"};
    private static final String DOMAIN_COLOUR = "#f5f7fa";
    private static final double HEADER = 76;
    private static final double LINE = 15;

    private final ModelGraph graph;
    private final Topology topology;
    private final Plan plan;
    private final Simulation simulation;
    private final Map<String, Long> linkBytes = new LinkedHashMap<>();
    private final TreeLayout layout;
    private final Svg svg;

    private PlacementDrawing(ModelGraph graph, Topology topology, Plan plan, Simulation simulation) {
        this.graph = graph;
        this.topology = topology;
        this.plan = plan;
        this.simulation = simulation;
        this.layout = new TreeLayout(topology, 24, HEADER);
        Area whole = layout.area(topology.root());
        this.svg = new Svg(Math.max(960, whole.right() + 24), whole.bottom() + 40);
    }

    /// An SVG document.
    public static String svg(ModelGraph graph, Topology topology, Plan plan, Simulation simulation) {
        return new PlacementDrawing(graph, topology, plan, simulation).draw();
    }

    private String draw() {
        String title =
                graph.name() + ": " + plan.stages().size() + (plan.stages().size() == 1 ? " stage" : " stages") + " on "
                        + plan.slots().size() + " of " + topology.slots().size() + " slots";
        svg.text(24, 32, title, Lettering.plain(18).heavy());
        svg.text(24, 54, summary(), Lettering.faint(13));
        addUpLinks();
        node(topology.root());
        for (int index = 1; index < plan.stages().size(); index++) {
            crossing(plan.stages().get(index - 1), plan.stages().get(index));
        }
        topology.domains().forEach(this::title);
        Area whole = layout.area(topology.root());
        svg.text(
                24,
                whole.bottom() + 24,
                "Arrows: activations and, the other way, as many gradient bytes, in one step. ↑ ↓: all bytes of a step"
                        + " over a link.",
                Lettering.faint(12));
        return svg.document(title);
    }

    private String summary() {
        return String.format(
                Locale.ROOT,
                "%s, %d micro-batches, re-materialization %s  ·  predicted step %s  ·  bubble %.0f %%  ·  costs %s",
                plan.schedule().word(),
                plan.microBatches(),
                plan.rematerialize() ? "on" : "off",
                Quantity.micros(simulation.steadyStepMicros()),
                simulation.bubbleFraction() * 100,
                graph.costSource().name().toLowerCase(Locale.ROOT));
    }

    private void addUpLinks() {
        simulation.bytesPerStep().forEach((pair, bytes) -> {
            Route route = Route.between(
                    topology, plan.slots().get(pair.from()), plan.slots().get(pair.to()));
            for (Link link : route.links()) {
                linkBytes.merge(key(link.node(), link.isUp()), bytes, Long::sum);
            }
        });
    }

    private static String key(String node, boolean isUp) {
        return (isUp ? "up " : "down ") + node;
    }

    private void node(Node node) {
        switch (node) {
            case Domain domain -> {
                Area area = layout.area(domain);
                svg.box(area, new Box(DOMAIN_COLOUR, "#cbd2d9", 8, false), "");
                svg.text(
                        area.x() + 12,
                        area.y() + 19,
                        domain.name(),
                        Lettering.plain(13).heavy());
                svg.text(area.x() + 12, area.y() + 35, facts(domain), Lettering.faint(11.5));
                domain.children().forEach(this::node);
            }
            case Slot slot -> slot(slot);
        }
    }

    private void title(Domain domain) {
        Area area = layout.area(domain);
        svg.textOver(
                area.x() + 12, area.y() + 19, domain.name(), Lettering.plain(13).heavy(), DOMAIN_COLOUR);
        svg.textOver(area.x() + 12, area.y() + 35, facts(domain), Lettering.faint(11.5), DOMAIN_COLOUR);
    }

    private String facts(Domain domain) {
        List<String> facts = new ArrayList<>();
        facts.add(domain.level());
        if (domain.computeCores() > 0) {
            facts.add(domain.computeCores() + " cores");
        }
        if (domain.uplinkBytesPerSecond() < Double.POSITIVE_INFINITY) {
            facts.add("uplink " + Quantity.rate(domain.uplinkBytesPerSecond()));
        }
        String traffic = traffic(domain.name());
        if (!traffic.isEmpty()) {
            facts.add(traffic);
        }
        return String.join(" · ", facts);
    }

    private String traffic(String node) {
        long up = linkBytes.getOrDefault(key(node, true), 0L);
        long down = linkBytes.getOrDefault(key(node, false), 0L);
        return up + down == 0 ? "" : "↑ " + Quantity.bytes(up) + " ↓ " + Quantity.bytes(down);
    }

    private void slot(Slot slot) {
        Area area = layout.area(slot);
        int rank = plan.slots().indexOf(slot.name());
        if (rank < 0) {
            svg.box(area, new Box("#ffffff", "#cbd2d9", 6, true), "");
            svg.text(
                    area.middleX(),
                    area.middleY(),
                    slot.name(),
                    Lettering.faint(12).middle());
            svg.text(
                    area.middleX(),
                    area.middleY() + LINE,
                    "free",
                    Lettering.faint(11.5).middle());
            return;
        }
        List<Stage> stages = plan.stagesOf(rank);
        String colour = STAGE_COLOURS[stages.getFirst().index() % STAGE_COLOURS.length];
        svg.box(area, new Box(colour, "#9aa5b1", 6, false), "worker " + rank + " on " + slot.name());
        double x = area.x() + 10;
        double y = area.y() + 18;
        svg.text(x, y, "worker " + rank, Lettering.plain(12.5).heavy());
        svg.text(
                area.right() - 10,
                y,
                TreeLayout.shortened(slot.name(), 14),
                Lettering.faint(11).end());
        int shown = Math.min(stages.size(), 2);
        for (Stage stage : stages.subList(0, shown)) {
            y += LINE + 2;
            svg.text(
                    x,
                    y,
                    "stage " + stage.index() + ", layers " + stage.firstLayer() + "–" + (stage.endLayer() - 1),
                    Lettering.plain(12));
            y += LINE - 1;
            svg.text(x, y, layers(stage), Lettering.faint(11));
        }
        if (shown < stages.size()) {
            svg.text(x, y + LINE, "and " + (stages.size() - shown) + " more stages", Lettering.faint(11));
        }
        memoryBar(area, slot, simulation.peakMemoryBytes().get(rank));
    }

    private void memoryBar(Area area, Slot slot, long peakBytes) {
        double share = Math.min(1, (double) peakBytes / slot.memoryBytes());
        Area bar = new Area(area.x() + 10, area.bottom() - 14, area.width() - 20, 5);
        svg.text(bar.x(), area.bottom() - 19, memory(peakBytes, slot), Lettering.faint(11));
        svg.box(bar, new Box("#ffffff", "#cbd2d9", 2, false), "");
        svg.box(
                new Area(bar.x(), bar.y(), bar.width() * share, bar.height()),
                new Box("#52606d", "none", 2, false),
                "");
    }

    private static String memory(long peakBytes, Slot slot) {
        return slot.memoryBytes() == Long.MAX_VALUE
                ? "peak " + Quantity.bytes(peakBytes)
                : "peak " + Quantity.bytes(peakBytes) + " of " + Quantity.bytes(slot.memoryBytes());
    }

    private String layers(Stage stage) {
        String first = graph.layers().get(stage.firstLayer()).name();
        String last = graph.layers().get(stage.endLayer() - 1).name();
        return TreeLayout.shortened(first.equals(last) ? first : first + " … " + last, 26);
    }

    /// The arrow from one stage to the next, with the bytes of all micro-batches.
    private void crossing(Stage from, Stage to) {
        if (from.rank() == to.rank()) {
            return;
        }
        Area source = layout.area(topology.slot(plan.slots().get(from.rank())));
        Area target = layout.area(topology.slot(plan.slots().get(to.rank())));
        String bytes = Quantity.bytes(graph.cutBytes(to.firstLayer()) * plan.microBatches());
        boolean isNext = source.y() == target.y() && target.x() > source.x();
        double y = source.middleY();
        double middle = isNext ? (source.right() + target.x()) / 2 : source.right() + TreeLayout.GAP / 2;
        if (isNext) {
            arrow("M" + at(source.right() + 2, y) + "L" + at(target.x() - 2, y));
        } else {
            double hostTop =
                    layout.area(topology.hostOf(plan.slots().get(to.rank()))).y();
            double below = hostTop > source.bottom() ? hostTop - 10 : source.bottom() + TreeLayout.GAP / 4;
            arrow("M" + at(source.middleX(), source.bottom() + 2) + "L" + at(source.middleX(), below) + "L"
                    + at(target.middleX(), below) + "L" + at(target.middleX(), target.y() - 2));
            middle = source.middleX() + 30;
            y = source.bottom() + 18;
        }
        svg.text(middle, y - 6, bytes, Lettering.plain(11).middle());
    }

    private void arrow(String data) {
        svg.path(data, "#52606d", 1.4, "marker-start=\"url(#arrow)\" marker-end=\"url(#arrow)\"");
    }

    private static String at(double x, double y) {
        return Svg.number(x) + " " + Svg.number(y);
    }
}
