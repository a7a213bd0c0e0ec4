package dev.pipelinejob.placement.draw;

import dev.pipelinejob.placement.draw.Svg.Area;
import dev.pipelinejob.placement.draw.Svg.Box;
import dev.pipelinejob.placement.draw.Svg.Lettering;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// The graph from its first nodes to its last, a column for each depth, in as many lines as it needs.
///
/// A cell is a node in the colour of its device. Where there are too many nodes, a cell stands for several that follow
/// each other. Lines between cells are outputs; the dark ones go from device to device.
final class GraphStrip implements SplitPicture.Section {
    private static final int MOST_CELLS = 6_000;
    private static final int MOST_NODES_WITH_LINES = 600;
    private static final double TITLE = 24;
    private static final double LINE_GAP = 16;
    private static final double NAMED_CELL = 26;
    /// Where numbers have no room in cells, each tenth stands above its first cell.
    private static final int NUMBERED = 10;
    private static final String CUT = "#334155";
    private static final String INSIDE = "#d5dbe3";

    private final SplitFacts facts;
    private final int[] firstNode;
    private final int[] column;
    private final int[] place;
    private final int[] cellOf;
    private final int cells;
    private final int nodesACell;
    private final int columnsALine;
    private final double cellWidth;
    private final double cellHeight;
    private final double[] lineTop;
    private final double height;

    GraphStrip(SplitFacts facts) {
        this.facts = facts;
        int nodes = facts.workload.nodes();
        this.nodesACell = (nodes + MOST_CELLS - 1) / MOST_CELLS;
        Integer[] byDepth = IntStream.range(0, nodes).boxed().toArray(Integer[]::new);
        Arrays.sort(
                byDepth,
                Comparator.<Integer>comparingInt(node -> facts.depth[node])
                        .thenComparingInt(node -> facts.rank[facts.deviceOf(node)]));
        this.cells = (nodes + nodesACell - 1) / nodesACell;
        this.firstNode = new int[cells];
        this.column = new int[cells];
        this.place = new int[cells];
        this.cellOf = new int[nodes];
        int columns = 0;
        for (int cell = 0; cell < cells; cell++) {
            firstNode[cell] = byDepth[cell * nodesACell];
            boolean sameColumn =
                    cell > 0 && nodesACell == 1 && facts.depth[firstNode[cell]] == facts.depth[firstNode[cell - 1]];
            column[cell] = sameColumn ? columns - 1 : columns++;
            place[cell] = sameColumn ? place[cell - 1] + 1 : 0;
            for (int index = cell * nodesACell; index < Math.min(nodes, (cell + 1) * nodesACell); index++) {
                cellOf[byDepth[index]] = cell;
            }
        }
        this.cellWidth = Math.clamp(SplitPicture.INNER / Math.max(1, columns), columns > 400 ? 8 : 13, 96);
        this.columnsALine = (int) (SplitPicture.INNER / cellWidth);
        int widest = 1 + Arrays.stream(place).max().orElse(0);
        this.cellHeight = cellWidth >= NAMED_CELL ? 20 : Math.clamp(160.0 / widest, 5, 13);
        this.lineTop = new double[columns / columnsALine + 2];
        double top = TITLE + 18;
        for (int line = 0; line * columnsALine < columns; line++) {
            lineTop[line] = top;
            int from = line * columnsALine;
            int most = IntStream.range(0, cells)
                    .filter(cell -> column[cell] >= from && column[cell] < from + columnsALine)
                    .map(cell -> place[cell] + 1)
                    .max()
                    .orElse(1);
            top += most * cellHeight + LINE_GAP;
        }
        this.height = top;
    }

    @Override
    public double height() {
        return height;
    }

    @Override
    public void draw(Svg svg, double top) {
        svg.text(SplitPicture.LEFT, top + 14, "The graph", Lettering.plain(14).heavy());
        String cellsAre = nodesACell == 1
                ? "A cell is an operator, in the colour of its device"
                : "A cell is " + nodesACell
                        + " operators that follow each other, in the colour of the first one's device";
        boolean lines = facts.workload.nodes() <= MOST_NODES_WITH_LINES;
        svg.text(
                SplitPicture.LEFT,
                top + 31,
                cellsAre + "; the number is the device's place in the pipeline."
                        + (lines ? " Dark lines go from device to device." : ""),
                Lettering.faint(12));
        if (lines) {
            edges(svg, top, false);
            edges(svg, top, true);
        }
        for (int cell = 0; cell < cells; cell++) {
            cell(svg, top, cell);
        }
    }

    private Area area(double top, int cell) {
        int line = column[cell] / columnsALine;
        double gap = cellWidth >= NAMED_CELL ? 10 : cellWidth > 10 ? 2 : 1;
        return new Area(
                SplitPicture.LEFT + column[cell] % columnsALine * cellWidth,
                top + lineTop[line] + place[cell] * cellHeight,
                cellWidth - gap,
                cellHeight - (cellHeight > 8 ? 3 : 1));
    }

    private void cell(Svg svg, double top, int cell) {
        int node = firstNode[cell];
        int device = facts.deviceOf(node);
        Area area = area(top, cell);
        String stroke = facts.isCpu(device) ? "#52606d" : "none";
        svg.box(
                area,
                new Box(facts.colour(device), stroke, cellHeight > 8 ? 2 : 0, false),
                facts.workload.id(node) + " on " + facts.name(device));
        String number = Integer.toString(facts.rank[device]);
        double size = Math.min(11, cellHeight - 3);
        boolean begins = cell == 0
                || column[cell] % columnsALine == 0
                || (place[cell] == 0 && facts.deviceOf(firstNode[cell - 1]) != device);
        if (size >= 8 && number.length() * size * 0.6 <= area.width() && begins) {
            svg.text(
                    area.middleX(),
                    area.middleY() + size * 0.36,
                    number,
                    Lettering.plain(size).middle());
        } else if (begins && place[cell] == 0 && facts.rank[device] % NUMBERED == 0) {
            svg.text(area.x(), area.y() - 3, number, Lettering.faint(10));
        }
    }

    private void edges(Svg svg, double top, boolean cut) {
        for (int node = 0; node < facts.workload.nodes(); node++) {
            for (int index = 0; index < facts.workload.successorCount(node); index++) {
                int reader = facts.workload.successor(node, index);
                boolean crosses = facts.deviceOf(node) != facts.deviceOf(reader);
                if (crosses == cut) {
                    edge(svg, area(top, cellOf[node]), area(top, cellOf[reader]), crosses);
                }
            }
        }
    }

    /// A curve between cells of one line; between lines, a stub at either end.
    private static void edge(Svg svg, Area from, Area to, boolean crosses) {
        String colour = crosses ? CUT : INSIDE;
        double stroke = crosses ? 1.1 : 0.8;
        if (to.x() > from.x()) {
            double bend = Math.min(24, (to.x() - from.right()) / 2 + 1);
            svg.path(
                    "M" + point(from.right(), from.middleY()) + "C" + point(from.right() + bend, from.middleY()) + " "
                            + point(to.x() - bend, to.middleY()) + " " + point(to.x(), to.middleY()),
                    colour,
                    stroke,
                    "");
        } else {
            svg.path(
                    "M" + point(from.right(), from.middleY()) + "l7 0M" + point(to.x(), to.middleY()) + "l-7 0",
                    colour,
                    stroke,
                    "");
        }
    }

    private static String point(double x, double y) {
        return Svg.number(x) + " " + Svg.number(y);
    }
}
