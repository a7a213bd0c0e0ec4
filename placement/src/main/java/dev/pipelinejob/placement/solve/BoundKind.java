package dev.pipelinejob.placement.solve;

/// For which plans a lower bound holds; every stage is consecutive layers, one stage a slot.
public enum BoundKind {
    /// In whatever order the stages are laid on the slots.
    CONTIGUOUS("contiguous"),
    /// With the stages laid on the slots in leaf order.
    CONTIGUOUS_LEAF_ORDER("contiguous in leaf order");

    private final String word;

    BoundKind(String word) {
        this.word = word;
    }

    /// The name that users see.
    public String word() {
        return word;
    }
}
