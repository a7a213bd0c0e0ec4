package dev.pipelinejob.placement.draw;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Node;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import dev.pipelinejob.placement.workload.Devices;
import dev.pipelinejob.placement.workload.Workload;
import dev.pipelinejob.placement.workload.WorkloadBuilder;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class SplitPictureTest {
    /// More would not open in a browser without a pause.
    private static final int MOST_BYTES = 3_000_000;

    private static Workload chain(int nodes, int devices) {
        WorkloadBuilder builder = new WorkloadBuilder();
        for (int node = 0; node < nodes; node++) {
            builder.node(new WorkloadBuilder.Node("op <" + node + ">", 1, 5, 1 << 20, true, false, ""));
        }
        for (int node = 1; node < nodes; node++) {
            builder.edge("op <" + (node - 1) + ">", "op <" + node + ">", 0.25);
        }
        return builder.build(new Devices(devices, 1, Double.POSITIVE_INFINITY));
    }

    private static Topology tree(int racks, int slots) {
        List<Node> domains = new ArrayList<>();
        for (int rack = 0; rack < racks; rack++) {
            int number = rack;
            List<Slot> leaves = IntStream.range(0, slots)
                    .mapToObj(slot -> new Slot("r" + number + "s" + slot, 4e9, 0, 1L << 34, 1))
                    .toList();
            domains.add(new Domain("rack-" + rack, "rack", 1e9, 5, 0, List.copyOf(leaves)));
        }
        return new Topology(Domain.unlimited("root", "cluster", domains));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    @Test
    void tenDevicesAreNamedWithTheirLoads() throws Exception {
        Workload workload = chain(30, 10);
        int[] deviceOfNode =
                IntStream.range(0, 30).map(node -> node == 29 ? 10 : node / 3).toArray();

        String svg = SplitPicture.svg(new SplitPicture.Subject("chain", "value 3.5", workload, deviceOfNode, null, 1));

        String text = parse(svg).getDocumentElement().getTextContent();
        for (int device = 0; device < 10; device++) {
            assertThat(text).contains("accelerator-" + device);
        }
        assertThat(text).contains("cpu-0", "3.50 ms: 3.00 ms computing, 0.5000 ms moving, 3.0 MiB", "op <7> on");
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 1_000, 50_000})
    void aTreeShowsTheTrafficOfItsLinksAtAnySize(int nodes) throws Exception {
        Topology tree = tree(nodes > 100 ? 125 : 3, nodes > 100 ? 8 : 4);
        int leaves = tree.slots().size();
        int[] leafOfNode = IntStream.range(0, nodes)
                .map(node -> (int) ((long) node * leaves / nodes))
                .toArray();

        String svg =
                SplitPicture.svg(new SplitPicture.Subject("chain", "", chain(nodes, leaves), leafOfNode, tree, 4e6));

        // A tensor of 0.25 ms is 1 MB: 1 ms over an uplink of 1 GB/s and 5 µs of latency.
        String text = parse(svg).getDocumentElement().getTextContent();
        assertThat(text).contains("rack-1: ↑ 1.01 ms ↓ 1.01 ms", "of " + (nodes > 1_000 ? "50" : "1."));
        assertThat(svg.length()).isLessThan(MOST_BYTES);
    }
}
