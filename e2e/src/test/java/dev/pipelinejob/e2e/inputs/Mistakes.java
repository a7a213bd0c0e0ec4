package dev.pipelinejob.e2e.inputs;

import static dev.pipelinejob.e2e.inputs.Mistake.around;
import static dev.pipelinejob.e2e.inputs.Mistake.edit;
import static dev.pipelinejob.e2e.inputs.Mistake.job;
import static dev.pipelinejob.e2e.inputs.Mistake.run;
import static dev.pipelinejob.e2e.inputs.Mistake.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The table: what a user may get wrong before any worker runs.
final class Mistakes {
    private static final String HEADER = "apiVersion: pipelinejob.dev/v1alpha1\nkind: PipelineJob\n";

    private Mistakes() {}

    static Stream<Mistake> all() {
        return Stream.of(files(), texts(), ranges(), unions(), surroundings()).flatMap(List::stream);
    }

    private static List<Mistake> files() {
        return List.of(
                around("no such file", folder -> run(folder.resolve("absent.yaml")), "absent.yaml", "does not exist"),
                around("a folder for a file", folder -> run(folder), "is a folder", "name a YAML file"),
                around(
                        "bytes that are no text",
                        folder ->
                                run(Files.write(folder.resolve("job.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0})),
                        "job.yaml",
                        "not UTF-8"),
                around(
                        "a file of megabytes",
                        folder -> run(Files.write(folder.resolve("job.yaml"), new byte[4 << 20])),
                        "job.yaml",
                        "bytes"),
                text("an empty file", "", "wrong.yaml"),
                text("a list instead of a resource", "- one\n- two\n", "wrong.yaml"),
                text("brackets that never close", "spec: {training: [1, 2", "wrong.yaml", "line"),
                text("a tab as indentation", HEADER + "metadata:\n\tname: x\n", "wrong.yaml", "line 4"),
                text("two documents", HEADER + "---\n" + HEADER, "wrong.yaml"));
    }

    private static List<Mistake> texts() {
        return List.of(
                edit("another API version", "v1alpha1", "v1", "apiVersion", "v1alpha1"),
                edit("another kind", "kind: PipelineJob", "kind: Deployment", "kind", "Deployment", "PipelineJob"),
                edit("no name", "  name: small\n", "  labels: {}\n", "metadata.name"),
                edit("a name in capitals", "name: small", "name: Small", "metadata.name", "Small"),
                edit("a misspelt field", "steps: 6", "stepz: 6", "spec.training", "stepz", "steps"),
                edit("a field twice", "seed: 7", "seed: 7\n    seed: 8", "seed"),
                edit("a word for a number", "steps: 6", "steps: six", "spec.training.steps", "six"),
                edit("a number for text", "dropout: \"0.1\"", "dropout: 0.1", "dropout", "0.1", "quotes"),
                edit("a word for a decimal", "\"3e-3\"", "\"fast\"", "learningRate", "fast"),
                edit("a field that is planned", "spec:\n", "spec:\n  mixtureOfExperts: {}\n", "spec.mixtureOfExperts"));
    }

    private static List<Mistake> ranges() {
        return List.of(
                edit("no steps", "steps: 6", "steps: 0", "spec.training.steps", "0"),
                edit("too many steps", "steps: 6", "steps: 99999999999", "spec.training.steps", "99999999999"),
                edit("no layers", "layers: 4\n", "layers: 0\n", "layers", "0"),
                edit("all dropped", "\"0.1\"", "\"1\"", "dropout", "1"),
                edit("heads that do not divide the width", "heads: 4", "heads: 5", "heads", "width"),
                edit(
                        "micro-batches that do not divide the batch",
                        "microBatches: 4",
                        "microBatches: 5",
                        "microBatches"),
                edit("fewer tokens than bytes", "vocabularySize: 256", "vocabularySize: 100", "vocabularySize", "256"),
                edit("no clip norm", "\"0.5\"", "\"0\"", "gradientClipNorm", "0"),
                edit("a checkpoint never", "everySteps: 2", "everySteps: 0", "everySteps", "0"),
                edit("warm-up longer than training", "warmUpSteps: 5", "warmUpSteps: 50", "warmUpSteps"));
    }

    private static List<Mistake> unions() {
        return List.of(
                edit("an unknown model", "      gpt:", "      resnet:", "resnet", "gpt"),
                edit("an unknown schedule", "OneForwardOneBackward", "Ouroboros", "schedule", "Ouroboros", "GPipe"),
                edit("two optimizers", "      adamW:", "      sgd: {learningRate: \"1\"}\n      adamW:", "optimizer"),
                edit(
                        "stages that miss a layer",
                        "        - layers: 2\n  failure",
                        "        - layers: 1\n  failure",
                        "manual"));
    }

    private static List<Mistake> surroundings() {
        return List.of(
                edit("no data", "corpus.txt", "nowhere.txt", "spec.data.text.path", "nowhere.txt", "name a file"),
                around("no folder", folder -> List.of("run", job(folder).yaml().toString()), "--dir"),
                around("no command of ours", folder -> List.of("train"), "train"),
                around(
                        "an option of nobody",
                        folder -> List.of("run", job(folder).yaml().toString(), "--dir", "DIR", "--gpus", "8"),
                        "--gpus"),
                around(
                        "a file for DIR",
                        folder -> List.of("run", job(folder).yaml().toString(), "--dir", "job.yaml"),
                        "job.yaml",
                        "--dir"),
                around(
                        "DIR below a file",
                        folder -> List.of("run", job(folder).yaml().toString(), "--dir", "job.yaml/DIR"),
                        "job.yaml",
                        "--dir"),
                around(
                        "DIR where nobody may write",
                        folder -> List.of("run", job(folder).yaml().toString(), "--dir", "/proc/DIR"),
                        "/proc/DIR",
                        "--dir"),
                around(
                        "no such topology",
                        folder -> topology(job(folder).yaml(), folder.resolve("absent.yaml")),
                        "absent.yaml",
                        "does not exist"),
                around(
                        "a job for a topology",
                        folder -> topology(job(folder).yaml(), folder.resolve("job.yaml")),
                        "kind",
                        "InterconnectTopology"));
    }

    private static List<String> topology(Path yaml, Path topology) {
        return List.of("run", yaml.toString(), "--dir", "DIR", "--topology", topology.toString());
    }
}
