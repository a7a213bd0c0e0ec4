package dev.pipelinejob.operator.monitor;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// How many streams may have a large message on its way at once: a thousand workers that are told the same plan would
/// otherwise have a thousand copies of it in memory, as bytes that the network has not taken yet.
///
/// @param <S> a stream
final class Outflow<S> {
    static final int MAX_AT_ONCE = 16;
    /// A stream that has not taken its message by then does not hold the others up any more.
    static final Duration LONGEST = Duration.ofSeconds(10);
    /// More than a stream takes without waiting.
    static final int LARGE_BYTES = 32 * 1024;

    private final Executor executor;
    private final LongSupplier nanoClock;
    private final Consumer<S> drain;
    private final Map<S, Long> sending = new HashMap<>();
    private final SequencedSet<S> waiting = new LinkedHashSet<>();

    /// @param executor runs what follows
    /// @param nanoClock a monotonic clock such as `System::nanoTime`
    /// @param drain lets a stream go on that has waited
    Outflow(Executor executor, LongSupplier nanoClock, Consumer<S> drain) {
        this.executor = executor;
        this.nanoClock = nanoClock;
        this.drain = drain;
    }

    /// Whether a stream may send a large message now; if not, it is drained again when another one is done.
    synchronized boolean begins(S stream) {
        long now = nanoClock.getAsLong();
        sending.values().removeIf(since -> now - since > LONGEST.toNanos());
        if (sending.containsKey(stream) || sending.size() < MAX_AT_ONCE) {
            sending.put(stream, now);
            waiting.remove(stream);
            return true;
        }
        waiting.add(stream);
        return false;
    }

    /// A stream has taken what it was given, or is closed.
    synchronized void ends(S stream) {
        waiting.remove(stream);
        if (sending.remove(stream) != null && !waiting.isEmpty()) {
            S next = waiting.removeFirst();
            // Elsewhere, since whoever calls holds the lock of its own stream.
            executor.execute(() -> drain.accept(next));
        }
    }
}
