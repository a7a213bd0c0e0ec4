package dev.pipelinejob.placement.cost;

/// One direction of a slot's port or of a domain's uplink.
///
/// @param node the slot or domain
/// @param isUp away from the node, towards its parent
/// @param bytesPerSecond its capacity
public record Link(String node, boolean isUp, double bytesPerSecond) {}
