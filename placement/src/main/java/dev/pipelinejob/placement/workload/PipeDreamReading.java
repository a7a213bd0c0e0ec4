package dev.pipelinejob.placement.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A profile of PipeDream as it stands in the file: one line a layer, one line an edge.
final class PipeDreamReading {
    private static final int LONGEST_LINE = 1 << 16;
    private static final String SEPARATOR = " -- ";

    final Map<String, Layer> layers = new LinkedHashMap<>();
    final List<String[]> edges = new ArrayList<>();

    /// One layer.
    ///
    /// @param description what it is, such as `Conv2d(…)`
    record Layer(
            String description,
            double forwardMillis,
            double backwardMillis,
            double activationBytes,
            double parameterBytes) {}

    private PipeDreamReading() {}

    static PipeDreamReading of(InputStream stream) throws IOException {
        PipeDreamReading reading = new PipeDreamReading();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reading.line(line, ++number);
            }
        }
        return reading;
    }

    private void line(String line, int number) {
        if (line.isBlank()) {
            return;
        }
        if (line.length() > LONGEST_LINE) {
            throw new InvalidWorkload("Line " + number + " is longer than " + LONGEST_LINE + " characters.");
        }
        if (line.startsWith("\t")) {
            String[] ends = line.strip().split(SEPARATOR, -1);
            if (ends.length != 2) {
                throw new InvalidWorkload("Line " + number + " is no edge: expected two layers with -- between.");
            }
            edges.add(ends);
            return;
        }
        int first = line.indexOf(SEPARATOR);
        int costs = line.indexOf(SEPARATOR + "forward_compute_time=");
        if (first < 0 || costs < 0) {
            throw new InvalidWorkload("Line " + number + " is no layer: expected a name, a description and costs.");
        }
        String id = line.substring(0, first);
        String description = first == costs ? "" : line.substring(first + SEPARATOR.length(), costs);
        if (layers.put(id, layer(description, line.substring(costs + SEPARATOR.length()), number)) != null) {
            throw new InvalidWorkload("Layer " + id + " appears twice (line " + number + ").");
        }
    }

    private static Layer layer(String description, String costs, int number) {
        Map<String, Double> values = new HashMap<>();
        int stage = costs.indexOf(SEPARATOR);
        for (String part : (stage < 0 ? costs : costs.substring(0, stage)).split(", ", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                throw new InvalidWorkload("Line " + number + " has a cost without a value: " + part + ".");
            }
            values.put(
                    part.substring(0, equals).strip(),
                    sum(part.substring(equals + 1).strip(), number));
        }
        return new Layer(
                description,
                take(values, "forward_compute_time", number),
                take(values, "backward_compute_time", number),
                take(values, "activation_size", number),
                take(values, "parameter_size", number));
    }

    private static double take(Map<String, Double> values, String name, int number) {
        Double value = values.get(name);
        if (value == null) {
            throw new InvalidWorkload("Line " + number + " has no " + name + ".");
        }
        return value;
    }

    /// A number, or a list of numbers such as `[1.0; 2.0]`, added up.
    private static double sum(String text, int number) {
        String list = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        double sum = 0;
        for (String part : list.split(";", -1)) {
            try {
                sum += Double.parseDouble(part.strip());
            } catch (NumberFormatException _) {
                throw new InvalidWorkload("Line " + number + " has a cost that is no number: " + text + ".");
            }
        }
        return sum;
    }
}
