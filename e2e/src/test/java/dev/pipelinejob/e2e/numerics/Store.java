package dev.pipelinejob.e2e.numerics;

import dev.pipelinejob.worker.checkpoint.SafetensorsFile;
import dev.pipelinejob.worker.checkpoint.SafetensorsOutcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a finished run left in its checkpoint store.
final class Store {
    private Store() {}

    static Outcome outcome(Path store) throws IOException {
        return new Outcome(losses(store.resolve("loss.csv")), weights(store.resolve("model.safetensors")));
    }

    private static List<Double> losses(Path csv) throws IOException {
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(csv)) {
            if (!line.startsWith("step")) {
                String[] cells = line.split(",", -1);
                if (Integer.parseInt(cells[0]) != losses.size() + 1) {
                    throw new AssertionError("Step " + cells[0] + " stands at row " + (losses.size() + 1));
                }
                losses.add(Double.valueOf(cells[1]));
            }
        }
        return losses;
    }

    private static Map<String, List<Integer>> weights(Path model) throws IOException {
        Map<String, List<Integer>> weights = new TreeMap<>();
        SafetensorsOutcome outcome = SafetensorsFile.open(model);
        if (!(outcome instanceof SafetensorsFile file)) {
            throw new AssertionError("The model is not readable: " + outcome);
        }
        try (file) {
            for (String name : file.names()) {
                long bytes =
                        file.shape(name).stream().mapToLong(Long::longValue).reduce(4, Math::multiplyExact);
                ByteBuffer tensor =
                        ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
                file.read(name, tensor);
                weights.put(name, Bits.of(tensor));
            }
        }
        return weights;
    }
}
