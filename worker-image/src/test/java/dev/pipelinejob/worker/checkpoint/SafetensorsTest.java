package dev.pipelinejob.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pipelinejob.worker.checkpoint.SafetensorsOutcome.Malformed;
import dev.pipelinejob.worker.engine.StateTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    /// What Python's safetensors 0.8 writes for {"a": [[1.5, -2.0]], "b": an empty vector}, metadata format = pt.
    private static final String GOLDEN_HEADER = "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]}}";

    private static final String GOLDEN_DATA = "0000c03f000000c0";

    private static byte[] file(String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }

    @Test
    void writesTheFormatByteForByte() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<StateTensor> tensors =
                List.of(new StateTensor("a", 0, List.of(1L, 2L)), new StateTensor("b", 0, List.of(0L)));

        Safetensors.Written written =
                Safetensors.write(Channels.newChannel(bytes), Map.of("format", "pt"), tensors, (tensor, into) -> {
                    if (tensor.name().equals("a")) {
                        into.putFloat(1.5f).putFloat(-2f);
                    }
                });

        String padded = GOLDEN_HEADER + " ".repeat((8 - GOLDEN_HEADER.length() % 8) % 8);
        assertThat(bytes.toByteArray()).isEqualTo(file(padded, HexFormat.of().parseHex(GOLDEN_DATA)));
        assertThat(written.bytes()).isEqualTo(bytes.size());
    }

    @Test
    void refusesToWriteOneNameTwice() {
        StateTensor tensor = new StateTensor("a", 0, List.of(1L));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Safetensors.write(
                        Channels.newChannel(new ByteArrayOutputStream()),
                        Map.of(),
                        List.of(tensor, tensor),
                        (_, into) -> into.putFloat(1)))
                .withMessageContaining("a is written twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 9 | end at byte",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 7 | beyond the file",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | 8 | does not hold 8 bytes",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} | 8 | does not hold 8 bytes",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | 8 | overlap or leave a gap",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,8]}} | 8 | impossible shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}} | 8 | impossible",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,8]}} | 8 | has no shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}} | 8 | has no place",
                "{\"a\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[0,8]}} | 8 | is not F32",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,18446744073709551624]}} | 8 | does not hold",
                "{\"a\":7} | 8 | is not F32",
                "[1,2] | 0 | not a JSON object",
                "{\"a\":{} | 0 | not JSON",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},\"a\":{}} | 0 | not JSON",
                "{} trailing | 0 | not JSON",
            })
    void refusesAnUnsoundHeader(String header, int dataBytes, String expected, @TempDir Path folder)
            throws IOException {
        Path file = Files.write(folder.resolve("file"), file(header, new byte[dataBytes]));

        assertThat(SafetensorsFile.open(file))
                .isInstanceOfSatisfying(Malformed.class, malformed -> assertThat(malformed.detail())
                        .contains(expected));
    }

    @Test
    void everyTruncationIsRefused(@TempDir Path folder) throws IOException {
        byte[] whole = file(GOLDEN_HEADER, HexFormat.of().parseHex(GOLDEN_DATA));
        for (int length = 0; length < whole.length; length++) {
            Path file = Files.write(folder.resolve("file"), Arrays.copyOf(whole, length));

            assertThat(SafetensorsFile.open(file)).as("%d bytes", length).isInstanceOf(Malformed.class);
        }
    }
}
