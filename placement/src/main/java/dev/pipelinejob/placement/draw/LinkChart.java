package dev.pipelinejob.placement.draw;

import dev.pipelinejob.placement.draw.Svg.Area;
import dev.pipelinejob.placement.draw.Svg.Box;
import dev.pipelinejob.placement.draw.Svg.Lettering;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The tree of links with its traffic: a row for each level, the root on top, each domain as wide as its leaves.
///
/// The darker a domain, the longer its busier direction takes, up to the largest load or link time of the split.
final class LinkChart implements SplitPicture.Section {
    private static final double TITLE = 44;
    private static final double ROW = 40;
    private static final int MOST_NAMED = 8;
    private static final int[] CALM = {0xf3, 0xf6, 0xf9};
    private static final int[] BUSY = {0xd6, 0x45, 0x3d};

    private final SplitFacts facts;
    private final Topology tree;
    private final int levels;
    private final double largest;
    private final Map<String, Integer> numberOfSlot = new HashMap<>();

    LinkChart(SplitFacts facts, Topology tree) {
        this.facts = facts;
        this.tree = tree;
        this.levels = levels(tree.root());
        this.largest = Math.max(facts.largest(), Double.MIN_NORMAL);
        for (int slot = 0; slot < tree.slots().size(); slot++) {
            numberOfSlot.put(tree.slots().get(slot).name(), slot);
        }
    }

    private static int levels(Node node) {
        return switch (node) {
            case Slot _ -> 1;
            case Domain domain ->
                1 + domain.children().stream().mapToInt(LinkChart::levels).max().orElse(0);
        };
    }

    @Override
    public double height() {
        return TITLE + levels * ROW + 20 + 16 * busiest().size();
    }

    @Override
    public void draw(Svg svg, double top) {
        svg.text(SplitPicture.LEFT, top + 14, "Links", Lettering.plain(14).heavy());
        svg.text(
                SplitPicture.LEFT,
                top + 32,
                "Each domain over its leaves; ↑ ↓: time of its uplink and downlink for one sample; the redder, the"
                        + " closer to the largest. Leaves in the colours of the graph, free ones white.",
                Lettering.faint(12));
        node(
                svg,
                tree.root(),
                SplitPicture.LEFT,
                SplitPicture.INNER / tree.slots().size(),
                top + TITLE,
                levels);
        double y = top + TITLE + levels * ROW + 24;
        for (Domain domain : busiest()) {
            svg.text(SplitPicture.LEFT, y, domain.name(), Lettering.plain(12));
            svg.text(
                    SplitPicture.LEFT + 200,
                    y,
                    traffic(domain) + " of " + LoadChart.millis(largest) + ", link of "
                            + Quantity.rate(domain.uplinkBytesPerSecond()),
                    Lettering.faint(12));
            y += 16;
        }
    }

    /// Draws a node and all below it; how wide it is.
    private double node(Svg svg, Node node, double x, double leafWidth, double y, int levelsLeft) {
        return switch (node) {
            case Slot slot -> leaf(svg, slot, new Area(x, y, leafWidth, levelsLeft * ROW - 4));
            case Domain domain -> {
                double width = 0;
                for (Node child : domain.children()) {
                    width += node(svg, child, x + width, leafWidth, y + ROW, levelsLeft - 1);
                }
                domain(svg, domain, new Area(x, y, width, ROW));
                yield width;
            }
        };
    }

    private double leaf(Svg svg, Slot slot, Area area) {
        int device = numberOfSlot.getOrDefault(slot.name(), 0);
        boolean used = facts.rank[device] >= 0;
        Area inner = inset(area);
        String word = used ? Integer.toString(facts.rank[device]) : "free";
        String stroke = inner.width() > 6 ? "#b8c1cc" : "none";
        svg.box(
                inner,
                new Box(used ? facts.colour(device) : "#ffffff", stroke, 0, false),
                slot.name() + (used ? ", place " + word + ", " + LoadChart.millis(facts.load(device)) : ", free"));
        if (inner.width() > 7 * word.length() + 4) {
            svg.text(
                    inner.middleX(),
                    inner.y() + 16,
                    word,
                    Lettering.plain(11.5).middle().heavy());
        }
        if (used && inner.width() > 58) {
            String load = LoadChart.millis(facts.load(device));
            svg.text(
                    inner.middleX(), inner.y() + 31, load, Lettering.plain(10.5).middle());
        }
        return area.width();
    }

    private static Area inset(Area area) {
        double gap = area.width() > 12 ? 3 : area.width() > 4 ? 1 : 0;
        return new Area(area.x(), area.y(), area.width() - gap, area.height() - 3);
    }

    private void domain(Svg svg, Domain domain, Area area) {
        double share = busier(domain) / largest;
        boolean root = domain.name().equals(tree.root().name());
        String words = root ? "" : traffic(domain);
        Area inner = inset(area);
        String stroke = inner.width() > 6 ? "#b8c1cc" : "none";
        svg.box(inner, new Box(shade(share), stroke, 2, false), domain.name() + (root ? "" : ": " + words));
        String ink = share > 0.6 ? "#ffffff" : Svg.INK;
        if (inner.width() > 7 * domain.name().length() + 6) {
            svg.text(
                    inner.middleX(),
                    inner.y() + (root ? 23 : 15),
                    domain.name(),
                    Lettering.plain(12).middle().heavy().in(ink));
        }
        if (inner.width() > 6 * words.length() + 6) {
            svg.text(
                    inner.middleX(),
                    inner.y() + 30,
                    words,
                    Lettering.plain(11).middle().in(ink));
        }
    }

    private String traffic(Domain domain) {
        double[] millis = facts.linkMillis(domain.name());
        return "↑ " + LoadChart.millis(millis[0]) + " ↓ " + LoadChart.millis(millis[1]);
    }

    private double busier(Domain domain) {
        double[] millis = facts.linkMillis(domain.name());
        return Math.max(millis[0], millis[1]);
    }

    private List<Domain> busiest() {
        List<Domain> domains = new ArrayList<>(tree.domains());
        domains.removeIf(domain -> busier(domain) == 0);
        domains.sort(Comparator.comparingDouble((Domain domain) -> -busier(domain)));
        return domains.subList(0, Math.min(MOST_NAMED, domains.size()));
    }

    private static String shade(double share) {
        double depth = Math.clamp(share, 0, 1);
        StringBuilder colour = new StringBuilder("#");
        for (int part = 0; part < CALM.length; part++) {
            int value = (int) Math.round(CALM[part] + (BUSY[part] - CALM[part]) * depth);
            colour.append(Character.forDigit(value >> 4, 16)).append(Character.forDigit(value & 15, 16));
        }
        return colour.toString();
    }
}
