package dev.pipelinejob.placement.partition;

/// For which splits a lower bound holds.
public enum BoundKind {
    /// Only for splits that cut the one order of units that was tried.
    THIS_ORDER("this order"),
    /// For all splits whose shares are contiguous.
    CONTIGUOUS("contiguous"),
    /// For all splits.
    ANY("any");

    private final String word;

    BoundKind(String word) {
        this.word = word;
    }

    /// The name that users see.
    public String word() {
        return word;
    }
}
