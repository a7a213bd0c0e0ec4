package dev.pipelinejob.placement.graph;

/// One use of a parameter that several layers share.
///
/// @param group the shared parameter's name, equal in every layer that uses it
/// @param parameterBytes size of the shared parameter in fp32
public record TiedParameter(String group, long parameterBytes) {
    public TiedParameter {
        if (group.isBlank() || parameterBytes < 0) {
            throw new IllegalArgumentException("Tied parameter '" + group + "' of " + parameterBytes
                    + " bytes: it needs a name and a size of 0 or more.");
        }
    }
}
