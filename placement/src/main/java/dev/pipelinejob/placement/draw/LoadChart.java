package dev.pipelinejob.placement.draw;

import dev.pipelinejob.placement.draw.Svg.Area;
import dev.pipelinejob.placement.draw.Svg.Box;
import dev.pipelinejob.placement.draw.Svg.Lettering;
import java.util.Arrays;
import java.util.Locale;

/// How long each device is busy for one sample, in pipeline order: rows with words where few, columns where many.
final class LoadChart implements SplitPicture.Section {
    static final String FORWARD = "#3b82c4";
    static final String BACKWARD = "#e08a3c";
    static final String TRANSFER = "#8e99a8";

    private static final int MOST_ROWS = 40;
    private static final int MOST_NAMED = 8;
    private static final double TITLE = 44;
    private static final double ROW = 19;
    private static final double NAMES = 150;
    private static final double WORDS = 356;
    private static final double CHART = 170;

    private final SplitFacts facts;
    private final boolean rows;
    private final double largest;

    LoadChart(SplitFacts facts) {
        this.facts = facts;
        this.rows = facts.pipeline.length <= MOST_ROWS;
        this.largest = Math.max(facts.largest(), Double.MIN_NORMAL);
    }

    @Override
    public double height() {
        return TITLE + (rows ? facts.pipeline.length * ROW : CHART + 30 + MOST_NAMED * 16);
    }

    @Override
    public void draw(Svg svg, double top) {
        svg.text(SplitPicture.LEFT, top + 14, "Devices", Lettering.plain(14).heavy());
        double x = legend(svg, SplitPicture.LEFT, top + 32, FORWARD, "forward");
        x = legend(svg, x, top + 32, BACKWARD, "backward");
        x = legend(svg, x, top + 32, TRANSFER, "sending and receiving");
        svg.text(x, top + 32, "in pipeline order; the line is the largest load or link time", Lettering.faint(12));
        if (rows) {
            for (int index = 0; index < facts.pipeline.length; index++) {
                row(svg, top + TITLE + index * ROW, facts.pipeline[index]);
            }
            double end = SplitPicture.LEFT + NAMES + SplitPicture.INNER - NAMES - WORDS;
            svg.line(end, top + TITLE, end, top + height(), Svg.INK);
        } else {
            columns(svg, top + TITLE);
            heaviest(svg, top + TITLE + CHART + 30);
        }
    }

    private static double legend(Svg svg, double x, double y, String colour, String word) {
        svg.box(new Area(x, y - 9, 10, 10), Box.filled(colour), "");
        svg.text(x + 15, y, word, Lettering.plain(12));
        return x + 34 + 6.4 * word.length();
    }

    private void row(Svg svg, double y, int device) {
        svg.box(new Area(SplitPicture.LEFT, y + 3, 22, ROW - 5), Box.filled(facts.colour(device)), "");
        svg.text(
                SplitPicture.LEFT + 11,
                y + 13,
                Integer.toString(facts.rank[device]),
                Lettering.plain(10.5).middle());
        svg.text(SplitPicture.LEFT + 28, y + 13.5, TreeLayout.shortened(facts.name(device), 18), Lettering.plain(12));
        double scale = (SplitPicture.INNER - NAMES - WORDS) / largest;
        double x = SplitPicture.LEFT + NAMES;
        x = part(svg, x, y, facts.forwardMillis[device] * scale, FORWARD);
        x = part(svg, x, y, facts.backwardMillis[device] * scale, BACKWARD);
        part(svg, x, y, facts.transferMillis[device] * scale, TRANSFER);
        svg.text(SplitPicture.LEFT + SplitPicture.INNER - WORDS + 10, y + 13.5, words(device), Lettering.faint(11.5));
    }

    private static double part(Svg svg, double x, double y, double width, String colour) {
        if (width > 0) {
            svg.box(new Area(x, y + 3, width, ROW - 5), Box.filled(colour), "");
        }
        return x + width;
    }

    private String words(int device) {
        return String.format(
                Locale.ROOT,
                "%s: %s computing, %s moving, %s",
                millis(facts.load(device)),
                millis(facts.forwardMillis[device] + facts.backwardMillis[device]),
                millis(facts.transferMillis[device]),
                Quantity.bytes((long) facts.bytes[device]));
    }

    static String millis(double millis) {
        if (millis == 0) {
            return "0 ms";
        }
        return String.format(Locale.ROOT, millis >= 100 ? "%.0f ms" : millis >= 1 ? "%.2f ms" : "%.4f ms", millis);
    }

    private void columns(Svg svg, double top) {
        double width = SplitPicture.INNER / facts.pipeline.length;
        double bottom = top + CHART;
        double scale = (CHART - 6) / largest;
        for (int index = 0; index < facts.pipeline.length; index++) {
            int device = facts.pipeline[index];
            double x = SplitPicture.LEFT + index * width;
            double forward = facts.forwardMillis[device] * scale;
            double backward = facts.backwardMillis[device] * scale;
            double transfer = facts.transferMillis[device] * scale;
            double bar = Math.max(width - (width > 3 ? 1 : 0), 0.3);
            svg.box(
                    new Area(x, bottom - forward, bar, forward),
                    Box.filled(FORWARD),
                    facts.name(device) + ", " + words(device));
            svg.box(new Area(x, bottom - forward - backward, bar, backward), Box.filled(BACKWARD), "");
            svg.box(new Area(x, bottom - forward - backward - transfer, bar, transfer), Box.filled(TRANSFER), "");
        }
        svg.line(SplitPicture.LEFT, bottom, SplitPicture.LEFT + SplitPicture.INNER, bottom, "#9aa5b1");
        svg.line(SplitPicture.LEFT, top + 6, SplitPicture.LEFT + SplitPicture.INNER, top + 6, Svg.INK);
        svg.text(
                SplitPicture.LEFT + SplitPicture.INNER,
                top,
                millis(largest),
                Lettering.plain(12).end());
        int tick = tick(facts.pipeline.length);
        for (int index = 0; index < facts.pipeline.length; index += tick) {
            double x = SplitPicture.LEFT + (index + 0.5) * width;
            svg.text(
                    x, bottom + 15, Integer.toString(index), Lettering.faint(11).middle());
        }
    }

    private static int tick(int count) {
        int tick = 10;
        while (count / tick > 20) {
            tick *= tick % 3 == 1 ? 5 : 2;
        }
        return tick;
    }

    private void heaviest(Svg svg, double top) {
        Integer[] byLoad = Arrays.stream(facts.pipeline).boxed().toArray(Integer[]::new);
        Arrays.sort(byLoad, (one, other) -> Double.compare(facts.load(other), facts.load(one)));
        for (int index = 0; index < Math.min(MOST_NAMED, byLoad.length); index++) {
            int device = byLoad[index];
            svg.text(
                    SplitPicture.LEFT,
                    top + 10 + index * 16,
                    facts.rank[device] + "  " + facts.name(device),
                    Lettering.plain(12));
            svg.text(SplitPicture.LEFT + 200, top + 10 + index * 16, words(device), Lettering.faint(12));
        }
    }
}
