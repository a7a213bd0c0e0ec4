package dev.pipelinejob.worker.engine;

/// The checks of a specification's numbers: each failure is one sentence with field, value and range.
final class Ranges {
    private Ranges() {}

    static void atLeast(String field, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(field + " is " + value + " but must be at least " + least + ".");
        }
    }

    static void fraction(String field, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(field + " is " + value + " but must be 0 or more and less than 1.");
        }
    }

    static void notNegative(String field, double value) {
        if (!(value >= 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(field + " is " + value + " but must be a finite number, 0 or more.");
        }
    }
}
