package dev.pipelinejob.operator.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/// Draws loss curves over steps as SVG, several over each other, with marked moments. Colours are told apart by
/// people who see red and green alike (Okabe and Ito).
final class LossChart {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 420;
    private static final int LEFT = 64;
    private static final int RIGHT = 24;
    private static final int TOP = 64;
    private static final int BOTTOM = 52;
    private static final int TICKS = 6;

    /// One curve: losses by step, drawn in the given colour and width.
    record Curve(String label, SortedMap<Integer, Double> losses, String colour, double widthPixels) {}

    /// A moment worth seeing: a dashed line at `step`, or a shaded span when `endStep` is larger.
    record Mark(String label, int step, int endStep, String colour) {}

    private final StringBuilder svg = new StringBuilder();
    private final List<Curve> curves;
    private final List<Mark> marks;
    private final double lowestLoss;
    private final double highestLoss;
    private final int firstStep;
    private final int lastStep;

    private LossChart(List<Curve> curves, List<Mark> marks) {
        this.curves = curves;
        this.marks = marks;
        double[] losses = curves.stream()
                .flatMap(curve -> curve.losses().values().stream())
                .mapToDouble(Double::doubleValue)
                .toArray();
        double low = Arrays.stream(losses).min().orElse(0);
        double high = Arrays.stream(losses).max().orElse(1);
        double margin = high > low ? 0.05 * (high - low) : 0.5;
        this.lowestLoss = low - margin;
        this.highestLoss = high + margin;
        this.firstStep = curves.stream()
                .filter(curve -> !curve.losses().isEmpty())
                .mapToInt(curve -> curve.losses().firstKey())
                .min()
                .orElse(0);
        this.lastStep = curves.stream()
                .filter(curve -> !curve.losses().isEmpty())
                .mapToInt(curve -> curve.losses().lastKey())
                .max()
                .orElse(1);
    }

    /// The whole picture as an SVG document; an empty set of curves gives empty axes.
    static String svg(String title, String subtitle, List<Curve> curves, List<Mark> marks) {
        LossChart chart = new LossChart(List.copyOf(curves), List.copyOf(marks));
        chart.frame(title, subtitle);
        chart.marks.forEach(chart::mark);
        chart.curves.forEach(chart::curve);
        chart.legend();
        return chart.svg.append("</svg>\n").toString();
    }

    private void frame(String title, String subtitle) {
        append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"system-ui, sans-serif\""
                        + " font-size=\"12\" fill=\"#333\">%n",
                WIDTH, HEIGHT);
        append("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>%n", WIDTH, HEIGHT);
        append("<text x=\"%d\" y=\"26\" font-size=\"16\" font-weight=\"600\">%s</text>%n", LEFT, escape(title));
        append("<text x=\"%d\" y=\"46\" fill=\"#666\">%s</text>%n", LEFT, escape(subtitle));
        for (int tick = 0; tick <= TICKS; tick++) {
            double loss = lowestLoss + (highestLoss - lowestLoss) * tick / TICKS;
            append(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#e6e6e6\"/>%n",
                    LEFT, WIDTH - RIGHT, y(loss), y(loss));
            append("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.2f</text>%n", LEFT - 8, y(loss) + 4, loss);
            long step = Math.round(firstStep + (double) (lastStep - firstStep) * tick / TICKS);
            append(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n",
                    x((int) step), HEIGHT - BOTTOM + 18, step);
        }
        append(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"#666\">step</text>%n",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12);
    }

    private void mark(Mark mark) {
        if (mark.endStep() > mark.step()) {
            append(
                    "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" fill-opacity=\"0.15\"/>%n",
                    x(mark.step()), TOP, x(mark.endStep()) - x(mark.step()), HEIGHT - TOP - BOTTOM, mark.colour());
        } else {
            append(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-dasharray=\"4 3\"/>%n",
                    x(mark.step()), x(mark.step()), TOP, HEIGHT - BOTTOM, mark.colour());
        }
        append(
                "<text x=\"%.1f\" y=\"%d\" fill=\"%s\">%s</text>%n",
                x(mark.step()) + 4, TOP + 14 * (1 + marks.indexOf(mark)), mark.colour(), escape(mark.label()));
    }

    private void curve(Curve curve) {
        append(
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" stroke-linejoin=\"round\" points=\"",
                curve.colour(), curve.widthPixels());
        curve.losses().forEach((step, loss) -> append("%.1f,%.1f ", x(step), y(loss)));
        append("\"/>%n");
    }

    private void legend() {
        int row = 0;
        for (Curve curve : curves) {
            int y = TOP + 16 + 18 * row++;
            append(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"%.1f\"/>%n",
                    WIDTH - RIGHT - 250, WIDTH - RIGHT - 222, y - 4, y - 4, curve.colour(), curve.widthPixels());
            append("<text x=\"%d\" y=\"%d\">%s</text>%n", WIDTH - RIGHT - 214, y, escape(curve.label()));
        }
    }

    private double x(int step) {
        return LEFT + (double) (WIDTH - LEFT - RIGHT) * (step - firstStep) / Math.max(1, lastStep - firstStep);
    }

    private double y(double loss) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (highestLoss - loss) / (highestLoss - lowestLoss);
    }

    private void append(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
