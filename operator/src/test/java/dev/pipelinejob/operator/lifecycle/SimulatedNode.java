package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A machine: what is on it can be cut off from everybody else.
final class SimulatedNode {
    final String name;
    final int capacity;
    int foreign;
    boolean cordoned;

    /// Since when nobody reaches it; null while it can be reached.
    @Nullable
    Instant cutSince;

    SimulatedNode(String name, int capacity) {
        this.name = name;
        this.capacity = capacity;
    }

    boolean isCut() {
        return cutSince != null;
    }
}
