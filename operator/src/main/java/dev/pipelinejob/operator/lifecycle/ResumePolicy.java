package dev.pipelinejob.operator.lifecycle;

import java.util.List;

/// Which step an attempt starts from: the newest committed one that no worker found corrupt, else the seed.
final class ResumePolicy {
    static final int FROM_THE_SEED = 0;

    private ResumePolicy() {}

    static int resumeStep(Inventory inventory, List<Integer> corruptSteps) {
        return inventory.committedSteps().stream()
                .filter(step -> !corruptSteps.contains(step))
                .findFirst()
                .orElse(FROM_THE_SEED);
    }
}
