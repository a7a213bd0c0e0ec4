package dev.pipelinejob.api.v1alpha1;

/// How a number with a fraction is written: as text, because Kubernetes' API has no floating-point numbers. The rules
/// say in words what the pattern cannot.
final class Decimals {
    /// What such a text looks like; everything that matches is read by {@link Double#parseDouble}.
    static final String PATTERN = "^(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,2})?$";
    /// The longest such text.
    static final int MAX_LENGTH = 32;

    private static final String IS_NUMBER = "self.matches('" + PATTERN + "')";
    private static final String AND_NOT = ", and not \"' + self + '\"'";

    /// At least 0.
    static final String NON_NEGATIVE = IS_NUMBER;

    static final String NON_NEGATIVE_MESSAGE = "'must be a number of at least 0 as text, such as \"0.1\"" + AND_NOT;

    /// More than 0.
    static final String POSITIVE = IS_NUMBER + " && double(self) > 0.0";

    static final String POSITIVE_MESSAGE = "'must be a number of more than 0 as text, such as \"3e-4\"" + AND_NOT;

    /// At least 0 and less than 1.
    static final String FRACTION = IS_NUMBER + " && double(self) < 1.0";

    static final String FRACTION_MESSAGE =
            "'must be a number of at least 0 and less than 1 as text, such as \"0.9\"" + AND_NOT;

    /// At least 0 and at most 1.
    static final String RATIO = IS_NUMBER + " && double(self) <= 1.0";

    static final String RATIO_MESSAGE = "'must be a number from 0 to 1 as text, such as \"0.1\"" + AND_NOT;

    private Decimals() {}
}
