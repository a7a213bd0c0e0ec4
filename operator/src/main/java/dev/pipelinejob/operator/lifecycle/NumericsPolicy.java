package dev.pipelinejob.operator.lifecycle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A job that promises the same trajectory, bit for bit, takes only engines of one kind, and goes on only with the
/// kind that its checkpoint was made with.
final class NumericsPolicy {
    private NumericsPolicy() {}

    /// @param ofCheckpoint the fingerprint of the checkpoint to resume from; empty when there is none
    static Finding.@Nullable Fatal check(Observation seen, List<Seat> seats, String ofCheckpoint) {
        if (!seen.job().bitwise()) {
            return null;
        }
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
                String message =
                        "Job %s: the engine of slot %d has numerics %s, but %s %s. Use workers of one kind, or set spec.training.reproducibility to BestEffort."
                                .formatted(seen.job().name(), seat.slot(), up.numericsFingerprint(), of, expected);
                return new Finding.Fatal("NumericsDiffer", message, true);
            }
        }
        return null;
    }
}
