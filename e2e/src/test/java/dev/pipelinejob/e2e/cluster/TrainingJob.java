package dev.pipelinejob.e2e.cluster;

import dev.pipelinejob.e2e.processes.SmallJob;
import java.io.IOException;
import java.nio.file.Path;

/// A job of three workers that trains in seconds and has all that a fault could disturb: dropout, clipping, tied
/// embeddings, warm-up, checkpoints every few steps. One text serves the cluster and `run`.
///
/// @param name the resource's
/// @param steps as many as the test needs to disturb it
/// @param everySteps between checkpoints
/// @param cpu what a worker asks for; a node has as many as the machine
/// @param failurePolicy the fields of `spec.failurePolicy`, in YAML's flow style
record TrainingJob(String name, int steps, int everySteps, String cpu, String failurePolicy) {
    /// Stages, and so workers.
    static final int WORKERS = SmallJob.WORKERS;

    /// Faults follow one another and none is waited for.
    static final String NO_BACK_OFF = "{maxRestarts: 200, backoff: {initialSeconds: 0, maxSeconds: 0}}";

    /// Leaves room for all workers when a node is lost.
    static TrainingJob of(String name, int steps, int everySteps) {
        return new TrainingJob(name, steps, everySteps, "100m", NO_BACK_OFF);
    }

    TrainingJob askingFor(String cpu) {
        return new TrainingJob(name, steps, everySteps, cpu, failurePolicy);
    }

    TrainingJob withFailurePolicy(String fields) {
        return new TrainingJob(name, steps, everySteps, cpu, fields);
    }

    String yaml() {
        return """
                apiVersion: pipelinejob.dev/v1alpha1
                kind: PipelineJob
                metadata: {name: %s}
                spec:
                  model:
                    catalogue:
                      gpt: {layers: 4, width: 32, heads: 4, contextLength: 32, vocabularySize: 256, dropout: "0.1", tieEmbeddings: true}
                  data:
                    text: {path: corpus.txt, source: {persistentVolumeClaim: {claimName: data}}}
                  training:
                    steps: %d
                    batchSize: 16
                    microBatches: 4
                    optimizer: {adamW: {learningRate: "3e-3"}}
                    learningRateSchedule: {cosine: {warmUpSteps: 5}}
                    gradientClipNorm: "0.5"
                    seed: 7
                  pipeline:
                    schedule: OneForwardOneBackward
                    stages: {manual: [{layers: 2}, {layers: 2}, {layers: 2}]}
                  workerPools:
                    - name: cpus
                      template:
                        spec:
                          containers:
                            - name: worker
                              resources: {requests: {cpu: %s, memory: 256Mi}}
                  failurePolicy: %s
                  checkpoint:
                    everySteps: %d
                    keepLast: 2
                    store: {persistentVolumeClaim: {claimName: checkpoints}}
                """.formatted(name, steps, cpu, failurePolicy, everySteps);
    }

    /// Puts the text that all jobs learn from where pods find it, and `run` when it is started there.
    static void writeCorpus(Path dataVolume) throws IOException {
        SmallJob _ = SmallJob.in(dataVolume, 1, 1);
    }
}
