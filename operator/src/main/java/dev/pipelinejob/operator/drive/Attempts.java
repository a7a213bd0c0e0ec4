package dev.pipelinejob.operator.drive;

import dev.pipelinejob.operator.lifecycle.ClaimedAttempt;
import dev.pipelinejob.operator.planning.AttemptRecord;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The claimed attempts, read once and kept in step with their records.
public final class Attempts {
    private final SlotDriver slots;
    private final TreeMap<Integer, AttemptRecord> byNumber = new TreeMap<>();

    Attempts(SlotDriver slots) {
        this.slots = slots;
    }

    void read() throws IOException {
        slots.attempts().forEach(attempt -> byNumber.put(attempt.attempt(), attempt));
    }

    /// Claims an attempt; when somebody else did, that one is followed instead.
    ///
    /// @return whether it is ours
    boolean claim(AttemptRecord wanted) throws IOException {
        SlotDriver.Claim claim = slots.claim(wanted);
        AttemptRecord standing = claim.attempt();
        byNumber.put(standing.attempt(), standing);
        return claim instanceof SlotDriver.Claim.Created;
    }

    public @Nullable AttemptRecord find(int number) {
        return byNumber.get(number);
    }

    public @Nullable AttemptRecord newest() {
        return byNumber.isEmpty() ? null : byNumber.lastEntry().getValue();
    }

    /// As the lifecycle sees them, oldest first.
    List<ClaimedAttempt> claimed() {
        return byNumber.values().stream().map(AttemptRecord::claimed).toList();
    }
}
