package dev.pipelinejob.api.v1alpha1;

/// How a number with a fraction is written: as text, because Kubernetes' API has no floating-point numbers.
final class Decimals {
    /// What such a text looks like; everything that matches is read by {@link Double#parseDouble}.
    static final String PATTERN = "^(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,2})?$";
    /// The longest such text.
    static final int MAX_LENGTH = 32;

    /// At least 0 and less than 1.
    static final String FRACTION = "double(self) < 1.0";

    /// More than 0.
    static final String POSITIVE = "double(self) > 0.0";

    private Decimals() {}
}
