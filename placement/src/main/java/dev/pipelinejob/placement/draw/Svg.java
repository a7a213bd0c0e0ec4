package dev.pipelinejob.placement.draw;

import java.util.Locale;

/// Builds one SVG document, element by element.
final class Svg {
    static final String INK = "#1f2933";
    static final String FAINT = "#7b8794";

    private final StringBuilder body = new StringBuilder();
    private final double width;
    private final double height;

    Svg(double width, double height) {
        this.width = width;
        this.height = height;
    }

    /// How a box looks.
    record Box(String fill, String stroke, double radius, boolean dashed) {
        static Box filled(String fill) {
            return new Box(fill, "none", 0, false);
        }
    }

    /// How a text looks.
    record Lettering(double size, String fill, String anchor, boolean bold) {
        static Lettering plain(double size) {
            return new Lettering(size, INK, "start", false);
        }

        static Lettering faint(double size) {
            return new Lettering(size, FAINT, "start", false);
        }

        Lettering middle() {
            return new Lettering(size, fill, "middle", bold);
        }

        Lettering end() {
            return new Lettering(size, fill, "end", bold);
        }

        Lettering heavy() {
            return new Lettering(size, fill, anchor, true);
        }

        Lettering in(String color) {
            return new Lettering(size, color, anchor, bold);
        }
    }

    /// Where something stands.
    record Area(double x, double y, double width, double height) {
        double right() {
            return x + width;
        }

        double bottom() {
            return y + height;
        }

        double middleX() {
            return x + width / 2;
        }

        double middleY() {
            return y + height / 2;
        }
    }

    void box(Area area, Box box, String tooltip) {
        body.append("<rect x=\"").append(number(area.x())).append("\" y=\"").append(number(area.y()));
        body.append("\" width=\"")
                .append(number(area.width()))
                .append("\" height=\"")
                .append(number(area.height()));
        body.append("\" fill=\"").append(box.fill()).append('"');
        if (!box.stroke().equals("none")) {
            body.append(" stroke=\"").append(box.stroke()).append('"');
        }
        if (box.radius() > 0) {
            body.append(" rx=\"").append(number(box.radius())).append('"');
        }
        if (box.dashed()) {
            body.append(" stroke-dasharray=\"4 3\"");
        }
        if (tooltip.isEmpty()) {
            body.append("/>\n");
        } else {
            body.append("><title>").append(escape(tooltip)).append("</title></rect>\n");
        }
    }

    void text(double x, double y, String text, Lettering type) {
        body.append("<text x=\"").append(number(x)).append("\" y=\"").append(number(y));
        body.append("\" font-size=\"")
                .append(number(type.size()))
                .append("\" fill=\"")
                .append(type.fill());
        if (!type.anchor().equals("start")) {
            body.append("\" text-anchor=\"").append(type.anchor());
        }
        if (type.bold()) {
            body.append("\" font-weight=\"600");
        }
        body.append("\">").append(escape(text)).append("</text>\n");
    }

    /// A text that stays readable where a line crosses it.
    void textOver(double x, double y, String text, Lettering lettering, String background) {
        body.append("<g stroke=\"").append(background).append("\" stroke-width=\"4\" paint-order=\"stroke\">");
        text(x, y, text, lettering);
        body.append("</g>\n");
    }

    /// A stroked path without fill; `marker` is empty or an attribute such as `marker-end="url(#arrow)"`.
    void path(String data, String color, double strokeWidth, String marker) {
        body.append("<path d=\"")
                .append(data)
                .append("\" fill=\"none\" stroke=\"")
                .append(color);
        body.append("\" stroke-width=\"")
                .append(number(strokeWidth))
                .append("\" ")
                .append(marker)
                .append("/>\n");
    }

    void line(double x1, double y1, double x2, double y2, String color) {
        path("M" + number(x1) + " " + number(y1) + "L" + number(x2) + " " + number(y2), color, 1, "");
    }

    /// The whole document.
    String document(String description) {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(width) + " " + number(height)
                + "\" width=\"" + number(width) + "\" height=\"" + number(height)
                + "\" font-family=\"Inter, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif\">\n<desc>"
                + escape(description)
                + "</desc>\n<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\""
                + " markerHeight=\"7\" orient=\"auto-start-reverse\"><path d=\"M0 0L8 4L0 8z\" fill=\"#52606d\"/>"
                + "</marker></defs>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n" + body + "</svg>\n";
    }

    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
