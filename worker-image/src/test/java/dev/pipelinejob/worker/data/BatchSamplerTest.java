package dev.pipelinejob.worker.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.worker.data.BatchSampler.Shape;
import dev.pipelinejob.worker.data.BatchSampler.Targets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchSamplerTest {
    private Path folder;

    @BeforeEach
    void useFolder(@TempDir Path empty) {
        folder = empty;
    }

    private TokenSource alphabet(int length) throws IOException {
        byte[] bytes = new byte[length];
        IntStream.range(0, length).forEach(index -> bytes[index] = (byte) index);
        Path file = Files.write(folder.resolve("text"), bytes);
        return (TokenSource) TokenSource.open(new DataRequest(file, 0, 1, 256, folder.resolve("cache")));
    }

    private static List<Integer> ints(ByteBuffer buffer) {
        List<Integer> ints = new ArrayList<>();
        buffer.order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < buffer.remaining(); at += Integer.BYTES) {
            ints.add(buffer.getInt(at));
        }
        return ints;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 16, 17, 255, 1000, 4097})
    void anOrderVisitsEverythingOnce(long size) {
        Permutation order = Permutation.ofEpoch(7, 3, size);

        assertThat(LongStream.range(0, size).map(order::at).sorted().toArray())
                .isEqualTo(LongStream.range(0, size).toArray());
    }

    @Test
    void theOrderIsPinnedForever() {
        Permutation order = Permutation.ofEpoch(1, 0, 10);

        assertThat(LongStream.range(0, 10).map(order::at).toArray()).containsExactly(0, 7, 3, 9, 2, 5, 6, 4, 1, 8);
    }

    @ParameterizedTest
    @EnumSource(Targets.class)
    void anEpochPredictsEachTokenOnceAndOrdersDiffer(Targets targets) throws IOException {
        try (TokenSource tokens = alphabet(121)) {
            BatchSampler sampler = new BatchSampler(tokens, new Shape(5, 4, 6, 3, targets));
            List<List<Integer>> epochs = List.of(new ArrayList<>(), new ArrayList<>());
            long sample = 0;
            for (int step = 1; sample < 2 * sampler.windows(); step++) {
                for (int microBatch = 0; microBatch < 3; microBatch++) {
                    ByteBuffer inputs = ByteBuffer.allocateDirect((int) sampler.inputBytes());
                    ByteBuffer next = ByteBuffer.allocateDirect((int) sampler.targetBytes());
                    sampler.inputs(step, microBatch, inputs);
                    sampler.targets(step, microBatch, next);
                    List<Integer> in = ints(inputs);
                    List<Integer> out = ints(next);
                    int perSample = out.size() / 2;
                    for (int index = 0; index < 2; index++, sample++) {
                        List<Integer> predicted = out.subList(index * perSample, (index + 1) * perSample);
                        assertThat(predicted.getLast()).isEqualTo(in.get(index * 4 + 3) + 1);
                        int epoch = Math.toIntExact(sample / sampler.windows());
                        if (epoch < 2) {
                            epochs.get(epoch).addAll(predicted);
                        }
                    }
                }
            }
            int first = targets == Targets.EVERY_POSITION ? 1 : 4;
            for (List<Integer> epoch : epochs) {
                assertThat(epoch)
                        .containsExactlyInAnyOrderElementsOf(
                                IntStream.range(first, 121).boxed().toList());
            }
            assertThat(epochs.getFirst()).isNotEqualTo(epochs.getLast());
        }
    }
}
