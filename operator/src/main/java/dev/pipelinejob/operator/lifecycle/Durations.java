package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;

/// The bounds that every duration of a policy keeps.
final class Durations {
    private Durations() {}

    static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is " + value + " but must be longer than zero.");
        }
    }

    static void requireNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " is " + value + " but must not be negative.");
        }
    }
}
