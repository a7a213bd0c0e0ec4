package dev.pipelinejob.placement.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadReaderTest {
    private static final String NODE_A =
            "{\"id\":0,\"supportedOnFpga\":1,\"cpuLatency\":3,\"fpgaLatency\":1,\"isBackwardNode\":0}";
    private static final String NODE_B =
            "{\"id\":1,\"supportedOnFpga\":true,\"cpuLatency\":3,\"fpgaLatency\":1,\"isBackwardNode\":false,"
                    + "\"colorClass\":7,\"size\":5,\"layerId\":2,\"name\":\"b\"}";
    private static final String EDGE = "{\"sourceId\":0,\"destId\":1,\"cost\":2}";

    private static Workload read(String text, Format format, ReadOptions options) throws IOException {
        return WorkloadReader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), format, options);
    }

    private static String file(String nodes, String edges) {
        return "{\"maxSizePerFPGA\":9,\"maxFPGAs\":2,\"maxCPUs\":1,\"nodes\":[" + nodes + "],\"edges\":[" + edges
                + "]}";
    }

    private static Workload resource(String name, Format format, ReadOptions options) throws IOException {
        try (InputStream stream =
                Objects.requireNonNull(WorkloadReaderTest.class.getResourceAsStream("/workloads/" + name), name)) {
            return WorkloadReader.read(stream, format, options);
        }
    }

    @Test
    void readsBothSpellingsOfBooleansAndOptionalFields() throws IOException {
        Workload workload = read(file(NODE_A + "," + NODE_B, EDGE), Format.DNN_PARTITIONING, ReadOptions.AS_IN_FILE);

        assertThat(workload.nodes()).isEqualTo(2);
        assertThat(workload.colours()).isEqualTo(2);
        assertThat(workload.supported(0)).isTrue();
        assertThat(workload.backward(1)).isFalse();
        assertThat(workload.bytes(0)).isZero();
        assertThat(workload.outputMillis(0)).isEqualTo(2);
        assertThat(workload.successor(0, 0)).isEqualTo(1);
        assertThat(workload.devices()).isEqualTo(new Devices(2, 1, 9));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"sourceId":0,"destId":1,"cost":2},{"sourceId":1,"destId":0,"cost":2} | has a cycle
            {"sourceId":0,"destId":0,"cost":2} | has a cycle
            {"sourceId":0,"destId":5,"cost":2} | ends at node 5
            {"sourceId":0,"destId":1,"cost":-2} | costs -2.0
            {"sourceId":0,"destId":1,"cost":NaN} | costs NaN
            {"sourceId":0,"destId":1,"cost":1e999} | costs Infinity
            {"sourceId":0,"destId":1} | without sourceId, destId or cost
            {"sourceId":0,"destId":1,"cost":2,"colour":1} | unknown field colour
            {"sourceId":0,"destId":1,"cost":"2"} | needs a number for cost
            {"sourceId":0,"destId":1,"cost":2},{"sourceId":0,"destId":1,"cost":3} | costs 2.0 on one edge
            {"sourceId":0,"destId" | no readable JSON
            """)
    void badEdgesGetOneSentence(String edges, String part) {
        assertThatThrownBy(
                        () -> read(file(NODE_A + "," + NODE_B, edges), Format.DNN_PARTITIONING, ReadOptions.AS_IN_FILE))
                .isInstanceOf(InvalidWorkload.class)
                .hasMessageContaining(part);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "fpgaLatency":1 | "fpgaLatency":-1 | accelerator time of node 1 is -1.0
            "fpgaLatency":1 | "fpgaLatency":NaN | accelerator time of node 1 is NaN
            "cpuLatency":3 | "cpuLatency":NaN | CPU time of node 1 is NaN
            "size":5 | "size":-5 | size of node 1 is -5.0
            "size":5 | "size":1e19 | add up to more than 2^63 bytes
            "size":5 | "weight":5 | unknown field weight
            "id":1 | "id":0 | Node 0 appears twice
            "supportedOnFpga":true | "supportedOnFpga":2 | true, false, 0 or 1
            "fpgaLatency":1, |  | lacks one of
            """)
    void badNodesGetOneSentence(String good, String bad, String part) {
        String node = NODE_B.replace(good, bad == null ? "" : bad);

        assertThatThrownBy(() -> read(file(NODE_A + "," + node, ""), Format.DNN_PARTITIONING, ReadOptions.AS_IN_FILE))
                .isInstanceOf(InvalidWorkload.class)
                .hasMessageContaining(part);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"maxFPGAs":0,"maxCPUs":0,"nodes":[],"edges":[]} | no nodes
            {"maxFPGAs":-1,"nodes":[],"edges":[]} | no nodes
            {"maxFPGAs":1.5,"nodes":[],"edges":[]} | whole number for maxFPGAs
            {"nodes":[]} | no field edges
            {"nodes":3,"edges":[]} | a list for nodes
            {"nodes":[],"nodes":[],"edges":[]} | states field nodes twice
            [] | needs an object
            {"nodes":[],"edges":[]} {} | more than one JSON value
            ~~ | needs an object
            """)
    void badFilesGetOneSentence(String text, String part) {
        ReadOptions two = new ReadOptions(Units.OFFICIAL, 1e9, 2, null, null);

        assertThatThrownBy(() -> read(text, Format.DNN_PARTITIONING, two))
                .isInstanceOf(InvalidWorkload.class)
                .hasMessageContaining(part);
    }

    @Test
    void noDevicesAtAllIsRefused() {
        ReadOptions none = new ReadOptions(Units.OFFICIAL, 1e9, 0, 0, null);

        assertThatThrownBy(() -> read(file(NODE_A, ""), Format.DNN_PARTITIONING, none))
                .isInstanceOf(InvalidWorkload.class)
                .hasMessageContaining("0 accelerators and 0 CPUs");
    }

    @Test
    void correctedUnitsMultiplyOnlyWhereTheFileSlipped() throws IOException {
        ReadOptions corrected =
                new ReadOptions(Units.CORRECTED, ReadOptions.DEFAULT_BANDWIDTH_BYTES_PER_SECOND, null, null, null);

        assertThat(ratio("layer_bert24_inference.json", corrected)).isEqualTo(1000);
        assertThat(ratio("layer_resnet50_training.json", corrected)).isEqualTo(1000);
        assertThat(ratio("operator_bert_l-3_inference.json", corrected)).isEqualTo(1);
        assertThat(ratio("operator_bert_l-3_training.json", corrected)).isEqualTo(1);
    }

    private static double ratio(String name, ReadOptions corrected) throws IOException {
        Workload official = resource(name, Format.DNN_PARTITIONING, ReadOptions.AS_IN_FILE);
        Workload other = resource(name, Format.DNN_PARTITIONING, corrected);
        int node = 0;
        while (official.outputMillis(node) == 0) {
            node++;
        }
        return Math.rint(other.outputMillis(node) / official.outputMillis(node));
    }

    @Test
    void aPipeDreamLayerBecomesAForwardAndABackwardNodeOnOneDevice() throws IOException {
        String profile = """
                a -- Conv2d(3, 64) -- forward_compute_time=1.5, backward_compute_time=2.5, activation_size=[100.0; 50.0], parameter_size=7.0
                b -- Add -- forward_compute_time=1.0, backward_compute_time=1.0, activation_size=10.0, parameter_size=0.0
                \ta -- b
                """;
        Workload workload = read(profile, Format.PIPEDREAM, new ReadOptions(Units.OFFICIAL, 1000, 2, null, null));

        assertThat(workload.nodes()).isEqualTo(4);
        assertThat(workload.colours()).isEqualTo(2);
        assertThat(workload.bytes(0)).isEqualTo(157);
        assertThat(workload.outputMillis(0)).isEqualTo(150);
        assertThat(workload.backward(3)).isTrue();
        assertThat(workload.id(workload.successor(3, 0))).isEqualTo("a-backward");
        assertThat(workload.outputMillis(3)).isEqualTo(150);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nonsense | is no layer
            a -- x -- forward_compute_time=1 | has no backward_compute_time
            a -- x -- forward_compute_time=y, backward_compute_time=1 | no number
            """)
    void badProfilesGetOneSentence(String line, String part) {
        ReadOptions two = new ReadOptions(Units.OFFICIAL, 1000, 2, null, null);

        assertThatThrownBy(() -> read(line, Format.PIPEDREAM, two))
                .isInstanceOf(InvalidWorkload.class)
                .hasMessageContaining(part);
    }

    @Test
    void aProfileWithoutANumberOfAcceleratorsIsRefused() {
        assertThatThrownBy(() -> read("", Format.PIPEDREAM, ReadOptions.AS_IN_FILE))
                .isInstanceOf(InvalidWorkload.class)
                .hasMessageContaining("--accelerators");
    }

    @Test
    void aPiperFileIsReadAsPlainLayers() throws IOException {
        Workload workload = resource("piper_resnet.json", Format.PIPER, ReadOptions.AS_IN_FILE);

        assertThat(workload.nodes()).isEqualTo(177);
        assertThat(workload.edges()).isEqualTo(193);
        assertThat(workload.devices()).isEqualTo(new Devices(10, 0, 80e9));
    }
}
