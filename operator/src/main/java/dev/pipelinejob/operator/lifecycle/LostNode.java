package dev.pipelinejob.operator.lifecycle;

/// A node that the cluster itself calls lost: its Ready condition is not True, a taint says so, or it was deleted.
///
/// @param name the node's name
/// @param reason the evidence, in words
public record LostNode(String name, String reason) {}
