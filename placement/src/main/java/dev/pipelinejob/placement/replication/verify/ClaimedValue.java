package dev.pipelinejob.placement.replication.verify;

import java.util.ArrayList;
import java.util.List;

/// What a plan claims of its slowest stage.
///
/// @param value what it takes
/// @param lowerBound the bound that goes with it
/// @param optimal whether it claims to be proved
record ClaimedValue(double value, double lowerBound, boolean optimal) {
    private static final double TOLERANCE = 1e-9;

    /// What of the claim does not hold, each as one sentence; empty when all holds.
    ///
    /// @param found what the slowest stage was found to take
    /// @param unit of both, for the sentence, such as "s a sample"
    List<String> check(double found, String unit) {
        List<String> findings = new ArrayList<>();
        if (!(Math.abs(found - value) <= TOLERANCE * Math.max(found, value))) {
            findings.add("The slowest stage takes " + found + " " + unit + ", but the plan says " + value + ".");
        }
        if (!(lowerBound <= value * (1 + TOLERANCE))) {
            findings.add("The lower bound " + lowerBound + " is above the value " + value + ".");
        } else if (optimal && lowerBound < value * (1 - 2 * TOLERANCE)) {
            findings.add(
                    "The plan says OPTIMAL, but its lower bound " + lowerBound + " is below its value " + value + ".");
        }
        return findings;
    }
}
