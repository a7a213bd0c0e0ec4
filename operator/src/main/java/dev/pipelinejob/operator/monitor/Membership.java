package dev.pipelinejob.operator.monitor;

import dev.pipelinejob.protocol.identity.SpiffeId;
import org.jspecify.annotations.Nullable;

/// Whom a proved identity belongs to. Each driver knows: by the name on one machine, by the pods on a cluster.
public interface Membership {
    /// The worker with this identity, or null when no slot of any job has it now.
    @Nullable
    WorkerKey workerOf(SpiffeId.Worker identity);
}
