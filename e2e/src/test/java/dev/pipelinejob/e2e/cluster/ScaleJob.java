package dev.pipelinejob.e2e.cluster;

import java.util.Collections;

/// A job of one layer a worker, for nodes that only the API server knows.
///
/// @param name the resource's
/// @param ranks its workers, and so its pods
record ScaleJob(String name, int ranks) {
    /// The embedding and the head are layers of their own.
    private static final int OUTER_LAYERS = 2;

    String yaml() {
        return """
                apiVersion: pipelinejob.dev/v1alpha1
                kind: PipelineJob
                metadata: {name: %s}
                spec:
                  model:
                    catalogue:
                      gpt: {layers: %d, width: 64, heads: 4, contextLength: 64, vocabularySize: 256}
                  data:
                    text: {path: corpus.txt, source: {persistentVolumeClaim: {claimName: data}}}
                  training:
                    steps: 100000
                    batchSize: 64
                    microBatches: 64
                    optimizer: {adamW: {learningRate: "3e-3"}}
                    seed: 7
                  pipeline:
                    schedule: OneForwardOneBackward
                    stages: {manual: [%s]}
                  workerPools:
                    - name: fakes
                      accelerator: {resource: nvidia.com/gpu}
                      template:
                        spec:
                          nodeSelector: {type: kwok}
                          tolerations: [{key: kwok.x-k8s.io/node, operator: Exists}]
                  checkpoint:
                    store: {persistentVolumeClaim: {claimName: checkpoints}}
                """.formatted(name, ranks - OUTER_LAYERS, String.join(", ", Collections.nCopies(ranks, "{layers: 1}")));
    }
}
