package dev.pipelinejob.operator.drive;

import dev.pipelinejob.operator.lifecycle.Leftover;
import dev.pipelinejob.operator.lifecycle.Presence;
import dev.pipelinejob.operator.planning.AttemptRecord;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

/// What differs between one machine and a cluster: how a slot's supervisor is started and ended, and where attempts
/// are claimed. Every call may come twice and then changes nothing more.
public interface SlotDriver {
    /// Starts an incarnation of a slot, unless it or a newer one was started already. Older ones are ended.
    ///
    /// @param node where; {@link Presence#NO_NODE} where there are no nodes
    void start(int slot, int incarnation, String node) throws IOException;

    /// Ends whatever runs in a slot.
    void end(int slot, String reason) throws IOException;

    /// Removes an incarnation that was replaced or ended, without waiting for its node to confirm its end.
    void forceDelete(int slot, int incarnation) throws IOException;

    /// Those that were replaced or ended and are still there.
    List<Leftover> leftovers();

    /// Every slot that was ever started, and what is known of its newest incarnation.
    SortedMap<Integer, Presence> presences();

    /// Creates the record of an attempt, exclusively.
    Claim claim(AttemptRecord wanted) throws IOException;

    /// The claimed attempts, oldest first.
    List<AttemptRecord> attempts() throws IOException;

    /// What became of a claim.
    sealed interface Claim {
        /// The record that stands: the wanted one, or the one that was there before.
        AttemptRecord attempt();

        /// It is ours.
        record Created(AttemptRecord attempt) implements Claim {}

        /// The number was taken; this is what must be followed instead.
        record Taken(AttemptRecord attempt) implements Claim {}
    }
}
