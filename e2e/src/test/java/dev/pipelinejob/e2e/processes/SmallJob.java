package dev.pipelinejob.e2e.processes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/// A job of three workers that trains in a few seconds and still has all that a kill could disturb: dropout, clipping,
/// tied embeddings, warm-up, checkpoints every few steps.
///
/// @param yaml what `run` is given
public record SmallJob(Path yaml, int steps, int everySteps) {
    /// Stages, and so workers.
    public static final int WORKERS = 3;

    private static final int CORPUS_BYTES = 64 * 1024;
    private static final long CORPUS_SEED = 20_261_121;

    /// Writes the job and its data.
    ///
    /// @param folder takes `job.yaml` and `corpus.txt`
    public static SmallJob in(Path folder, int steps, int everySteps) throws IOException {
        Path corpus = Files.write(folder.resolve("corpus.txt"), corpus());
        Path yaml = Files.writeString(folder.resolve("job.yaml"), text(corpus.toString(), steps, everySteps));
        return new SmallJob(yaml, steps, everySteps);
    }

    /// The same job with more in its spec.
    ///
    /// @param name of the file
    /// @param more lines of the spec
    SmallJob with(String name, String more) throws IOException {
        Path file = Files.writeString(yaml.resolveSibling(name + ".yaml"), Files.readString(yaml) + more);
        return new SmallJob(file, steps, everySteps);
    }

    /// The resource as a user would write it.
    public static String text(String corpus, int steps, int everySteps) {
        return """
                apiVersion: pipelinejob.dev/v1alpha1
                kind: PipelineJob
                metadata:
                  name: small
                spec:
                  model:
                    catalogue:
                      gpt:
                        layers: 4
                        width: 32
                        heads: 4
                        contextLength: 32
                        vocabularySize: 256
                        dropout: "0.1"
                        tieEmbeddings: true
                  data:
                    text:
                      path: %s
                  training:
                    steps: %d
                    batchSize: 16
                    microBatches: 4
                    optimizer:
                      adamW:
                        learningRate: "3e-3"
                    learningRateSchedule:
                      cosine:
                        warmUpSteps: 5
                    gradientClipNorm: "0.5"
                    seed: 7
                  pipeline:
                    schedule: OneForwardOneBackward
                    stages:
                      manual:
                        - layers: 2
                        - layers: 2
                        - layers: 2
                  failurePolicy:
                    maxRestarts: 200
                    backoff:
                      initialSeconds: 0
                      maxSeconds: 0
                  checkpoint:
                    everySteps: %d
                    keepLast: 2
                """.formatted(corpus, steps, everySteps);
    }

    /// Words in an order that never changes.
    private static byte[] corpus() {
        String[] words = {"stage", "worker", "step", "loss", "plan", "slot", "rank", "seed", "part", "commit"};
        Random order = new Random(CORPUS_SEED);
        StringBuilder text = new StringBuilder();
        while (text.length() < CORPUS_BYTES) {
            text.append(words[order.nextInt(words.length)]).append(order.nextInt(8) == 0 ? ".\n" : " ");
        }
        return text.substring(0, CORPUS_BYTES).getBytes(StandardCharsets.US_ASCII);
    }
}
