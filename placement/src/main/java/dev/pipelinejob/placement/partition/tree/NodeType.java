package dev.pipelinejob.placement.partition.tree;

import dev.pipelinejob.placement.topology.Slot;

/// What equal leaves, or domains that are equal with all that is below them, have in common.
///
/// @param number from 0, children's types before parents'
/// @param states how the children may be used up; empty for a leaf
/// @param millisPerByte of its link upwards; 0 when nothing limits it
/// @param latencyMillis of its link upwards, for each tensor
/// @param speed of all leaves below, added up
/// @param memoryBytes of all leaves below, added up
record NodeType(
        int number, ChildStates states, double millisPerByte, double latencyMillis, double speed, double memoryBytes) {
    static NodeType leaf(int number, Slot slot, double millisPerByte, double latencyMillis) {
        return new NodeType(
                number, ChildStates.NONE, millisPerByte, latencyMillis, slot.relativeSpeed(), slot.memoryBytes());
    }

    static NodeType domain(int number, ChildStates states, double millisPerByte, double latencyMillis) {
        double speed = 0;
        double memory = 0;
        for (NodeType child : states.sequence()) {
            speed += child.speed();
            memory += child.memoryBytes();
        }
        return new NodeType(number, states, millisPerByte, latencyMillis, speed, memory);
    }

    boolean isLeaf() {
        return states.sequence().isEmpty();
    }

    /// Numbers tell the types of one tree apart; comparing all that is below would be slow.
    @Override
    public boolean equals(Object other) {
        return other instanceof NodeType that && number == that.number;
    }

    @Override
    public int hashCode() {
        return number;
    }

    /// Time on its link for bytes in that many tensors.
    double millis(double bytes, double tensors) {
        return bytes * millisPerByte + tensors * latencyMillis;
    }
}
