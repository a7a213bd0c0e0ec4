package dev.pipelinejob.worker.transport;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What one worker's channel of one attempt needs to know.
///
/// @param fence which attempt; peers of another one are refused
/// @param rank this worker
/// @param peers address and identity of the other workers, by rank
/// @param sendsTo ranks that this worker sends to
/// @param credits by rank that it receives from: the messages of one step, which is also how many may lie unread
public record ChannelSpec(
        Fence fence,
        int rank,
        SortedMap<Integer, PeerAddress> peers,
        SortedSet<Integer> sendsTo,
        SortedMap<Integer, Integer> credits) {
    public ChannelSpec {
        peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
        sendsTo = Collections.unmodifiableSortedSet(new TreeSet<>(sendsTo));
        credits = Collections.unmodifiableSortedMap(new TreeMap<>(credits));
    }

    /// What keeps attempts apart.
    ///
    /// @param jobUid whose attempt
    /// @param attempt its number
    /// @param digest of its plan and operation lists
    public record Fence(String jobUid, int attempt, String digest) {}

    /// Where a peer is, and who.
    ///
    /// @param address host:port of its tensor server
    /// @param identity the SPIFFE id that its certificate must carry
    public record PeerAddress(String address, String identity) {}
}
