package dev.pipelinejob.placement.draw;

import dev.pipelinejob.placement.draw.Svg.Area;
import dev.pipelinejob.placement.draw.Svg.Box;
import dev.pipelinejob.placement.draw.Svg.Lettering;
import dev.pipelinejob.placement.schedule.OperationKind;
import dev.pipelinejob.placement.simulate.Span;
import java.util.List;
import java.util.Locale;

/// A step as lanes, one a worker: predicted, and below it measured on the same axis.
public final class TimelineDrawing {
    private static final double WIDTH = 1_280;
    private static final double LEFT = 84;
    private static final double RIGHT = 24;
    private static final double HEADER = 84;
    private static final double LANE = 26;
    private static final double LANE_GAP = 5;
    private static final double SECTION_TITLE = 26;
    private static final double SECTION_GAP = 18;
    private static final double AXIS = 44;
    private static final double LEAST_VISIBLE = 0.3;

    private final List<Span> predicted;
    private final List<Span> measured;
    private final double endMicros;
    private final int workers;
    private final boolean manyStages;
    private final Svg svg;
    private final double height;

    private TimelineDrawing(List<Span> predicted, List<Span> measured) {
        this.predicted = predicted;
        this.measured = measured;
        this.endMicros = Math.max(1, Math.max(end(predicted), end(measured)));
        this.workers = 1 + Math.max(lastRank(predicted), lastRank(measured));
        this.manyStages = predicted.stream().mapToInt(Span::stage).max().orElse(0) >= workers;
        double section = SECTION_TITLE + workers * (LANE + LANE_GAP);
        this.height = HEADER + section + (measured.isEmpty() ? 0 : SECTION_GAP + section) + AXIS;
        this.svg = new Svg(WIDTH, height);
    }

    /// An SVG document.
    ///
    /// @param title stands on top
    /// @param predicted the simulator's spans
    /// @param measured the workers' spans of one step from its beginning; empty to draw the prediction alone
    public static String svg(String title, List<Span> predicted, List<Span> measured) {
        return new TimelineDrawing(predicted, measured).draw(title);
    }

    private static double end(List<Span> spans) {
        return spans.stream().mapToDouble(Span::endMicros).max().orElse(0);
    }

    private static int lastRank(List<Span> spans) {
        return spans.stream().mapToInt(Span::rank).max().orElse(0);
    }

    private String draw(String title) {
        svg.text(LEFT, 32, title, Lettering.plain(18).heavy());
        svg.text(LEFT, 52, summary(), Lettering.faint(13));
        legend();
        double top = HEADER;
        grid(top);
        section("Predicted", predicted, top);
        if (!measured.isEmpty()) {
            top += SECTION_TITLE + workers * (LANE + LANE_GAP) + SECTION_GAP;
            section("Measured", measured, top);
        }
        return svg.document(title + ": one step as a timeline, one lane a worker");
    }

    private String summary() {
        String text = "Predicted step " + Quantity.micros(end(predicted));
        if (measured.isEmpty()) {
            return text;
        }
        double ratio = end(predicted) > 0 ? end(measured) / end(predicted) : 0;
        return text + "  ·  measured step " + Quantity.micros(end(measured)) + "  ·  measured / predicted "
                + String.format(Locale.ROOT, "%.2f", ratio);
    }

    private void legend() {
        double x = LEFT;
        for (Paint paint : Paint.values()) {
            svg.box(new Area(x, 62, 12, 12), new Box(paint.fill, "none", 2, false), "");
            svg.text(x + 17, 72.5, paint.word, Lettering.plain(12));
            x += 36 + 6.1 * paint.word.length();
        }
    }

    private double x(double micros) {
        return LEFT + micros / endMicros * (WIDTH - LEFT - RIGHT);
    }

    private void grid(double top) {
        double tick = tickMicros();
        double bottom = height - AXIS + 8;
        for (int index = 0; index * tick <= endMicros * 1.0001; index++) {
            double x = x(index * tick);
            svg.line(x, top + SECTION_TITLE - 6, x, bottom, "#e4e7eb");
            svg.text(
                    x,
                    bottom + 16,
                    label(index * tick, tick),
                    Lettering.faint(11.5).middle());
        }
        svg.line(LEFT, bottom, WIDTH - RIGHT, bottom, "#9aa5b1");
        svg.text(LEFT - 10, bottom + 16, "ms", Lettering.faint(11.5).end());
    }

    /// The round number of micros that gives between five and twelve ticks.
    private double tickMicros() {
        double tick = Math.pow(10, Math.floor(Math.log10(endMicros)));
        while (endMicros / tick < 5) {
            tick /= endMicros / tick < 2.5 ? 5 : 2;
        }
        return tick;
    }

    private static String label(double micros, double tickMicros) {
        int digits = tickMicros >= 1e3 ? 0 : tickMicros >= 1e2 ? 1 : tickMicros >= 10 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + digits + "f", micros / 1e3);
    }

    private void section(String name, List<Span> spans, double top) {
        svg.text(LEFT, top + 14, name, Lettering.plain(13).heavy());
        for (int rank = 0; rank < workers; rank++) {
            double y = laneTop(top, rank);
            svg.text(
                    LEFT - 10,
                    y + LANE / 2 + 4,
                    "worker " + rank,
                    Lettering.plain(12).end());
            svg.box(new Area(LEFT, y, WIDTH - LEFT - RIGHT, LANE), Box.filled("#f5f7fa"), "");
        }
        spans.forEach(span -> span(span, laneTop(top, span.rank())));
    }

    private static double laneTop(double top, int rank) {
        return top + SECTION_TITLE + rank * (LANE + LANE_GAP);
    }

    private void span(Span span, double y) {
        Paint paint = Paint.of(span.kind());
        double from = x(span.startMicros());
        double width = x(span.endMicros()) - from;
        if (width < LEAST_VISIBLE) {
            return;
        }
        double inset = paint == Paint.WAIT ? LANE / 3 : 0;
        double gap = width > 3 ? 0.6 : 0;
        boolean isDark = paint.isCompute() && span.microBatch() % 2 == 1;
        Box box = new Box(isDark ? paint.darkFill : paint.fill, "none", width > 4 ? 1.5 : 0, false);
        svg.box(new Area(from, y + inset, width - gap, LANE - 2 * inset), box, tooltip(span));
        String label = manyStages ? span.stage() + ":" + span.microBatch() : Integer.toString(span.microBatch());
        if (paint.isCompute() && width > 6.5 * label.length() + 3) {
            svg.text(
                    from + width / 2,
                    y + LANE / 2 + 4,
                    label,
                    Lettering.plain(11).middle().in("#ffffff"));
        }
    }

    private static String tooltip(Span span) {
        String what = span.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String stage = span.stage() < 0 ? "" : ", stage " + span.stage();
        String microBatch = span.microBatch() < 0 ? "" : ", micro-batch " + span.microBatch();
        return "worker " + span.rank() + ": " + what + stage + microBatch + ", "
                + Quantity.micros(span.endMicros() - span.startMicros()) + " from "
                + Quantity.micros(span.startMicros());
    }

    /// Colours that differ in brightness too, for readers who do not see all hues.
    private enum Paint {
        FORWARD("forward", "#3b82c4", "#2f6da8"),
        BACKWARD("backward", "#e08a3c", "#c97427"),
        WAIT("waiting to receive", "#d3dae2", "#d3dae2"),
        SEND("send", "#7e57c2", "#7e57c2"),
        REDUCE("tied gradients, statistics, clip", "#b04a8c", "#b04a8c"),
        UPDATE("optimizer step, loss", "#2f9e6e", "#2f9e6e"),
        CHECKPOINT("checkpoint", "#5c6b7a", "#5c6b7a");

        private final String word;
        private final String fill;
        private final String darkFill;

        Paint(String word, String fill, String darkFill) {
            this.word = word;
            this.fill = fill;
            this.darkFill = darkFill;
        }

        boolean isCompute() {
            return this == FORWARD || this == BACKWARD;
        }

        static Paint of(OperationKind kind) {
            return switch (kind) {
                case FORWARD -> FORWARD;
                case BACKWARD -> BACKWARD;
                case RECEIVE_ACTIVATION,
                        RECEIVE_GRADIENT,
                        RECEIVE_TIED_GRADIENT,
                        RECEIVE_STATISTICS,
                        RECEIVE_CLIP,
                        RECEIVE_PART -> WAIT;
                case SEND_ACTIVATION, SEND_GRADIENT, SEND_TIED_GRADIENT, SEND_STATISTICS, SEND_CLIP, SEND_PART -> SEND;
                case REDUCE_TIED_GRADIENT, GRADIENT_STATISTICS, CLIP -> REDUCE;
                case OPTIMIZER_STEP, RECORD_LOSS -> UPDATE;
                case CHECKPOINT_PART, COMMIT -> CHECKPOINT;
            };
        }
    }
}
