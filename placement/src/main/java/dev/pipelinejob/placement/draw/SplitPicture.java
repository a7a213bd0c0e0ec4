package dev.pipelinejob.placement.draw;

import dev.pipelinejob.placement.draw.Svg.Lettering;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Workload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A split of an operator graph: the graph in the colours of its devices, the load of each device and, on a tree, the
/// traffic of each link. The same picture serves ten devices and a thousand: what has no room for a name has a tooltip.
public final class SplitPicture {
    static final double WIDTH = 1_280;
    static final double LEFT = 24;
    static final double INNER = WIDTH - 2 * LEFT;

    private static final double HEADER = 76;
    private static final double GAP = 26;

    private SplitPicture() {}

    /// What is drawn.
    ///
    /// @param title the first line
    /// @param summary the second line
    /// @param workload the graph
    /// @param deviceOfNode device of each node: accelerators, then CPUs; or leaves of the tree
    /// @param tree the links; null where there are none
    /// @param bytesPerMilli what a millisecond of an output's cost stands for on the tree
    @SuppressWarnings("ArrayRecordComponent") // passed on at once and never compared
    public record Subject(
            String title,
            String summary,
            Workload workload,
            int[] deviceOfNode,
            @Nullable Topology tree,
            double bytesPerMilli) {}

    /// One part of the picture.
    interface Section {
        double height();

        void draw(Svg svg, double top);
    }

    /// An SVG document.
    public static String svg(Subject subject) {
        SplitFacts facts = new SplitFacts(subject);
        Topology tree = subject.tree();
        GraphStrip strip = new GraphStrip(facts);
        LoadChart chart = new LoadChart(facts);
        List<Section> sections =
                tree == null ? List.of(strip, chart) : List.of(strip, chart, new LinkChart(facts, tree));
        double height = HEADER
                + sections.stream()
                        .mapToDouble(section -> section.height() + GAP)
                        .sum();
        Svg svg = new Svg(WIDTH, height);
        svg.text(LEFT, 32, subject.title(), Lettering.plain(18).heavy());
        svg.text(LEFT, 54, subject.summary(), Lettering.faint(13));
        double top = HEADER;
        for (Section section : sections) {
            section.draw(svg, top);
            top += section.height() + GAP;
        }
        return svg.document(subject.title());
    }
}
