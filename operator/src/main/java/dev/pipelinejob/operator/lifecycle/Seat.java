package dev.pipelinejob.operator.lifecycle;

/// Who fills a rank in one attempt: exactly this engine process in exactly this incarnation of the slot.
///
/// @param rank the worker's number in the attempt
/// @param slot the slot's number
/// @param incarnation the n-th pod or supervisor process of the slot
/// @param enginePid the engine's process id as its supervisor sees it
/// @param engineAddress host:port of the engine's tensor server
/// @param node the node that it is on; {@link Presence#NO_NODE} when the driver knows no nodes
public record Seat(int rank, int slot, int incarnation, long enginePid, String engineAddress, String node) {
    public Seat(int rank, int slot, int incarnation, long enginePid, String engineAddress) {
        this(rank, slot, incarnation, enginePid, engineAddress, Presence.NO_NODE);
    }
}
