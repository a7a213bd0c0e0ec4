package dev.pipelinejob.worker.runtime;

import java.nio.ByteBuffer;

/// What the root worker concludes from all gradients of a step, and tells every worker before the step's optimizer. As
/// it reaches all of them in every step, it also says when the attempt is to end: so they stop after the same step.
///
/// @param coefficient what every gradient is multiplied by; 1 = nothing is multiplied
/// @param norm global L2 norm of the gradients; not finite when a gradient was not
/// @param pauses whether the attempt ends after this step, with a checkpoint
record ClipDecision(double coefficient, double norm, boolean pauses) {
    static final int BYTES = 2 * Double.BYTES;
    /// What steps without clipping and without statistics run with.
    static final ClipDecision NONE = new ClipDecision(1.0, 0.0, false);
    /// As in PyTorch's `clip_grad_norm_`.
    private static final double EPSILON = 1e-6;

    /// The decision for a step.
    ///
    /// @param sumOfSquares over all parameters in canonical order
    /// @param clipNorm 0 = no clipping
    static ClipDecision of(double sumOfSquares, double clipNorm) {
        double norm = Math.sqrt(sumOfSquares);
        boolean clips = clipNorm > 0 && Double.isFinite(norm) && norm > clipNorm;
        return new ClipDecision(clips ? clipNorm / (norm + EPSILON) : 1.0, norm, false);
    }

    ClipDecision withPause(boolean requested) {
        return new ClipDecision(coefficient, norm, requested);
    }

    /// Whether the step must change nothing, because a gradient was not finite.
    boolean skips() {
        return !Double.isFinite(norm);
    }

    /// A coefficient is never negative, so its sign is free to say whether the attempt pauses; a message of its own
    /// would not be in the operation lists that plan and prediction are made of.
    void encode(ByteBuffer into) {
        into.putDouble(0, pauses ? -coefficient : coefficient).putDouble(Double.BYTES, norm);
    }

    static ClipDecision decode(ByteBuffer from) {
        double signed = from.getDouble(0);
        boolean pauses = Double.doubleToRawLongBits(signed) < 0;
        return new ClipDecision(pauses ? -signed : signed, from.getDouble(Double.BYTES), pauses);
    }
}
