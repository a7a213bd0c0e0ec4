package dev.pipelinejob.e2e.cluster;

import java.time.Duration;
import java.util.function.Predicate;

/// Waits, each with a limit and words for what did not come.
final class Await {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private Await() {}

    /// A look at something that changes by itself.
    @FunctionalInterface
    interface Look<T> {
        T look() throws Exception;
    }

    /// The first thing seen that the condition holds for.
    static <T> T until(String what, Duration limit, Look<T> look, Predicate<T> condition) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        T seen = look.look();
        while (!condition.test(seen)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Not within " + limit.toSeconds() + " s: " + what + ". Last seen: " + seen);
            }
            Thread.sleep(LOOK_EVERY);
            seen = look.look();
        }
        return seen;
    }

    static void until(String what, Duration limit, Look<Boolean> condition) throws Exception {
        boolean _ = until(what, limit, condition, held -> held);
    }
}
