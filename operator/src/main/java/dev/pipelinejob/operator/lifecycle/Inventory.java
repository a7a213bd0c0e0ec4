package dev.pipelinejob.operator.lifecycle;

import java.util.Comparator;
import java.util.List;

/// What is in the checkpoint store, as the workers last saw it.
///
/// @param committedSteps steps with a manifest, newest first
/// @param finalStep the step of the final manifest; 0 = none
/// @param dataDigest digest of the data of the newest manifest; empty when there is none
/// @param numericsFingerprint of the newest manifest; empty when there is none
public record Inventory(List<Integer> committedSteps, int finalStep, String dataDigest, String numericsFingerprint) {
    public static final Inventory EMPTY = new Inventory(List.of(), 0, "", "");

    public Inventory {
        committedSteps = committedSteps.stream()
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
    }
}
