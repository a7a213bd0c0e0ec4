package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.plan.Peer;
import java.nio.file.Path;
import java.util.List;

/// The tests' small job for a worker that trains alone.
public final class SmallJob {
    private SmallJob() {}

    /// An attempt from the seed.
    public static Prepare alone(Path directory, int attempt, int steps, String address, String identity) {
        HandWrittenPlan plan = new HandWrittenPlan(List.of(4), List.of(0), 2, true, false);
        try (Workplace place = new Workplace(directory)) {
            return Prepare.newBuilder()
                    .setAttempt(attempt)
                    .setDigest("digest-" + attempt)
                    .setJob(place.job(plan, steps))
                    .setPlan(plan.plan())
                    .setOperations(plan.lists(0))
                    .addPeers(Peer.newBuilder().setAddress(address).setIdentity(identity))
                    .build();
        }
    }
}
