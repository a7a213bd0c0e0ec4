package dev.pipelinejob.placement.graph;

import java.util.List;

/// One layer and what it costs for one micro-batch on the reference device (relative speed 1).
///
/// @param name unique within its graph
/// @param forwardMicros time of one micro-batch's forward
/// @param backwardMicros time of one micro-batch's backward, without any re-run of the forward
/// @param updateMicros gradient statistics and optimizer step of its parameters, once a step
/// @param parameterBytes all parameters in fp32, tied ones included
/// @param parameterTensors number of parameter tensors, tied ones included
/// @param activationBytes the layer's output for one micro-batch: what crosses a cut behind this layer
/// @param stashBytes all that autograd keeps of this layer for one micro-batch until its backward, input included
/// @param workspaceBytes temporary memory while the layer computes
/// @param tied the parameters that it shares with other layers
public record Layer(
        String name,
        double forwardMicros,
        double backwardMicros,
        double updateMicros,
        long parameterBytes,
        int parameterTensors,
        long activationBytes,
        long stashBytes,
        long workspaceBytes,
        List<TiedParameter> tied) {
    public Layer {
        if (name.isBlank()) {
            throw new IllegalArgumentException("A layer needs a name.");
        }
        requireTime(name, "forwardMicros", forwardMicros);
        requireTime(name, "backwardMicros", backwardMicros);
        requireTime(name, "updateMicros", updateMicros);
        requireSize(name, "parameterBytes", parameterBytes);
        requireSize(name, "parameterTensors", parameterTensors);
        requireSize(name, "activationBytes", activationBytes);
        requireSize(name, "stashBytes", stashBytes);
        requireSize(name, "workspaceBytes", workspaceBytes);
        tied = List.copyOf(tied);
    }

    /// The same layer with other times.
    public Layer withTimes(double newForwardMicros, double newBackwardMicros) {
        return new Layer(
                name,
                newForwardMicros,
                newBackwardMicros,
                updateMicros,
                parameterBytes,
                parameterTensors,
                activationBytes,
                stashBytes,
                workspaceBytes,
                tied);
    }

    private static void requireTime(String name, String field, double micros) {
        if (!(micros >= 0) || micros == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "Layer " + name + " has " + field + " " + micros + ": it must be a finite number of 0 or more.");
        }
    }

    private static void requireSize(String name, String field, long size) {
        if (size < 0) {
            throw new IllegalArgumentException(
                    "Layer " + name + " has " + field + " " + size + ": it must be 0 or more.");
        }
    }
}
