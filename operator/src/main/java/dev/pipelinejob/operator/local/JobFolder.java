package dev.pipelinejob.operator.local;

import java.nio.file.Path;

/// Where everything of one job lies: the `DIR` of `run --dir DIR`.
///
/// @param root absolute
public record JobFolder(Path root) {
    public JobFolder {
        root = root.toAbsolutePath().normalize();
    }

    Path lock() {
        return root.resolve("lock");
    }

    /// The custom resource's status plus the list of workers.
    public Path status() {
        return root.resolve("status.json");
    }

    /// `step,loss`, one row a step.
    public Path losses() {
        return root.resolve("loss.csv");
    }

    /// The job's checkpoint store.
    public Path checkpoints() {
        return root.resolve("checkpoints");
    }

    Path lossSegments() {
        return checkpoints().resolve("loss");
    }

    /// The finished model.
    public Path model() {
        return root.resolve("model.safetensors");
    }

    /// Predicted against measured, drawn.
    public Path timeline() {
        return root.resolve("timeline.svg");
    }

    /// What the timeline is drawn from.
    public Path traces() {
        return root.resolve("timeline.json");
    }

    Path logs() {
        return root.resolve("logs");
    }

    /// What the lifecycle remembers.
    Path journal() {
        return root.resolve("journal.json");
    }

    Path attempts() {
        return root.resolve("attempts");
    }

    Path slots() {
        return root.resolve("slots");
    }

    /// Where the driver that is there now listens, as host:port.
    Path address() {
        return secrets().resolve("address");
    }

    /// Keys and tokens: what a restarted driver needs to be recognised, for its owner's eyes only.
    Path secrets() {
        return root.resolve("private");
    }
}
