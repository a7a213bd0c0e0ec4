package dev.pipelinejob.worker.engine.profile;

/// What one layer costs for one micro-batch.
///
/// @param layer index of the layer
/// @param name what the layer is: `embedding`, `block`, …
/// @param forwardMicros median time of a forward; the head's includes the loss
/// @param backwardMicros median time of a backward without rematerialization
/// @param outputBytes what crosses a boundary after this layer; 0 after the last
/// @param stashBytes what the layer keeps between forward and backward, by the layer's arithmetic
/// @param parameterBytes the layer's parameters; a tied one counts with its first use
public record LayerProfile(
        int layer,
        String name,
        double forwardMicros,
        double backwardMicros,
        long outputBytes,
        long stashBytes,
        long parameterBytes) {}
