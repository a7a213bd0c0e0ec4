package dev.pipelinejob.operator.lifecycle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Engines of different kinds round differently. A job that promises the same trajectory, bit for bit, takes only
/// engines of one kind, and goes on only with the kind that its checkpoint was made with; any other goes on, and says
/// so from then on.
final class NumericsPolicy {
    private final Observation seen;

    NumericsPolicy(Observation seen) {
        this.seen = seen;
    }

    /// Where engines part from each other or from the checkpoint to resume from; null when they are of one kind.
    ///
    /// @param ofCheckpoint its fingerprint; empty when there is none
    @Nullable
    String difference(List<Seat> seats, String ofCheckpoint) {
        String expected = ofCheckpoint;
        String of = "its checkpoint was made with";
        for (Seat seat : seats) {
            if (!(seen.slot(seat.slot()).engine() instanceof EngineState.Up up)) {
                continue;
            }
            if (expected.isEmpty()) {
                expected = up.numericsFingerprint();
                of = "slot " + seat.slot() + " has";
            } else if (!up.numericsFingerprint().equals(expected)) {
                return "the engine of slot %d has numerics %s, but %s %s"
                        .formatted(seat.slot(), up.numericsFingerprint(), of, expected);
            }
        }
        return null;
    }

    Finding.Fatal refusal(String difference) {
        String message = "Job %s: %s. Use workers of one kind, or set spec.training.reproducibility to BestEffort."
                .formatted(seen.job().name(), difference);
        return new Finding.Fatal("NumericsDiffer", message, true);
    }

    /// What the condition says from this attempt on.
    static String notice(int attempt, int resumeStep, String difference) {
        return "Attempt %d, from step %d on: %s. Losses may differ in their last bits from those of an undisturbed run."
                .formatted(attempt, resumeStep, difference);
    }
}
