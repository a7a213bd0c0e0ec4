package dev.pipelinejob.placement.draw;

import dev.pipelinejob.placement.draw.Svg.Area;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.HashMap;
import java.util.Map;

/// Where each domain and slot stands: boxes within boxes, in rows that a screen can hold.
final class TreeLayout {
    static final double GAP = 64;

    private static final double SLOT_WIDTH = 186;
    private static final double SLOT_HEIGHT = 112;
    private static final double TITLE = 46;
    private static final double PADDING = 14;
    private static final double MAX_ROW = 1_100;

    private final Map<String, Area> areas = new HashMap<>();

    TreeLayout(Topology topology, double x, double y) {
        place(topology.root(), x, y);
    }

    Area area(Node node) {
        return areas.getOrDefault(node.name(), new Area(0, 0, 0, 0));
    }

    private Area place(Node node, double x, double y) {
        Area area =
                switch (node) {
                    case Slot _ -> new Area(x, y, SLOT_WIDTH, SLOT_HEIGHT);
                    case Domain domain -> placeChildren(domain, x, y);
                };
        areas.put(node.name(), area);
        return area;
    }

    private Area placeChildren(Domain domain, double x, double y) {
        double nextX = x + PADDING;
        double nextY = y + TITLE;
        double rowBottom = nextY;
        double right = x + PADDING;
        for (Node child : domain.children()) {
            Area area = place(child, nextX, nextY);
            if (area.right() > x + MAX_ROW && nextX > x + PADDING) {
                nextX = x + PADDING;
                nextY = rowBottom + GAP / 2;
                area = place(child, nextX, nextY);
            }
            rowBottom = Math.max(rowBottom, area.bottom());
            right = Math.max(right, area.right());
            nextX = area.right() + GAP;
        }
        double titleWidth = PADDING + 7 * domain.name().length();
        return new Area(x, y, Math.max(titleWidth, right + PADDING - x), rowBottom + PADDING - y);
    }

    static String shortened(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }
}
