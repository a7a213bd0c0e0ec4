package dev.pipelinejob.worker.runtime;

import java.nio.ByteBuffer;

/// What the root worker concludes from all gradients of a step.
///
/// @param coefficient what every gradient is multiplied by; 1 = nothing is multiplied
/// @param norm global L2 norm of the gradients; not finite when a gradient was not
record ClipDecision(double coefficient, double norm) {
    static final int BYTES = 2 * Double.BYTES;
    /// What steps without clipping and without statistics run with.
    static final ClipDecision NONE = new ClipDecision(1.0, 0.0);
    /// As in PyTorch's `clip_grad_norm_`.
    private static final double EPSILON = 1e-6;

    /// The decision for a step.
    ///
    /// @param sumOfSquares over all parameters in canonical order
    /// @param clipNorm 0 = no clipping
    static ClipDecision of(double sumOfSquares, double clipNorm) {
        double norm = Math.sqrt(sumOfSquares);
        boolean clips = clipNorm > 0 && Double.isFinite(norm) && norm > clipNorm;
        return new ClipDecision(clips ? clipNorm / (norm + EPSILON) : 1.0, norm);
    }

    /// Whether the step must change nothing, because a gradient was not finite.
    boolean skips() {
        return !Double.isFinite(norm);
    }

    void encode(ByteBuffer into) {
        into.putDouble(0, coefficient).putDouble(Double.BYTES, norm);
    }

    static ClipDecision decode(ByteBuffer from) {
        return new ClipDecision(from.getDouble(0), from.getDouble(Double.BYTES));
    }
}
