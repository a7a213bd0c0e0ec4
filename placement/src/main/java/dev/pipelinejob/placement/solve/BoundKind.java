package dev.pipelinejob.placement.solve;

/// For which plans a lower bound holds.
public enum BoundKind {
    /// Every stage is consecutive layers, one stage a slot, stages in leaf order.
    CONTIGUOUS("contiguous");

    private final String word;

    BoundKind(String word) {
        this.word = word;
    }

    /// The name that users see.
    public String word() {
        return word;
    }
}
