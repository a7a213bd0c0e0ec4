package dev.pipelinejob.operator.planning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pipelinejob.placement.graph.CostSource;
import dev.pipelinejob.placement.graph.Layer;
import dev.pipelinejob.placement.graph.ModelGraph;
import java.util.ArrayList;
import java.util.List;

/// What a worker in profile mode writes to its standard output, once and as JSON: each layer's times for one
/// micro-batch. It is told the job as a `JobSpec` of the protocol on its standard input.
///
/// @param layers in order, one entry for each layer of the model
public record LayerMeasurements(List<MeasuredLayer> layers) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    public LayerMeasurements {
        layers = List.copyOf(layers);
    }

    /// One layer.
    ///
    /// @param layer its index
    /// @param name what it is
    /// @param forwardMicros median time of a forward
    /// @param backwardMicros median time of a backward without any re-run of the forward
    public record MeasuredLayer(int layer, String name, double forwardMicros, double backwardMicros) {}

    /// Reads what a worker wrote.
    ///
    /// @throws IllegalArgumentException with one sentence when it is something else
    public static LayerMeasurements read(String text) {
        try {
            return JSON.readValue(text, LayerMeasurements.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The worker's profile cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    /// The graph with these times; sizes stay those of the arithmetic.
    ///
    /// @throws IllegalArgumentException when the layers are not those of the graph
    public ModelGraph applyTo(ModelGraph estimated) {
        if (layers.size() != estimated.layers().size()) {
            throw new IllegalArgumentException("The worker measured %d layers, but model %s has %d."
                    .formatted(
                            layers.size(), estimated.name(), estimated.layers().size()));
        }
        List<Layer> measured = new ArrayList<>();
        for (int index = 0; index < layers.size(); index++) {
            MeasuredLayer layer = layers.get(index);
            measured.add(estimated.layers().get(index).withTimes(layer.forwardMicros(), layer.backwardMicros()));
        }
        return ModelGraph.chain(estimated.name(), measured, CostSource.PROFILED);
    }
}
