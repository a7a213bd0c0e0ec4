package dev.pipelinejob.placement.workload;

/// The public formats that carry operator graphs.
public enum Format {
    /// JSON of the `dnn-partitioning` package: nodes with times, sizes and colour classes; edges with costs.
    DNN_PARTITIONING,
    /// A profile of PipeDream: one line a layer, then one line an edge.
    PIPEDREAM,
    /// JSON of Piper: layers with choices a tensor-parallel degree. Read as plain layers: degree 1, no recomputation.
    PIPER,
    /// This project's own JSON of layers and edges, as `./pipelinejob profile` writes it.
    GRAPH
}
