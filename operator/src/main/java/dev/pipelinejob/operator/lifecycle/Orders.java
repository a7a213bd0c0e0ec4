package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the driver has sent on the slot's present session, so that nothing is sent twice. A new session begins with
/// {@link #NONE}; what the worker then reports stands for itself.
///
/// @param prepare the last `Prepare`
/// @param start the last `Start`
/// @param abort the last `Abort`
/// @param pause the last `Pause`
/// @param kill the engine process that the supervisor was last told to kill
public record Orders(
        @Nullable Sent prepare,
        @Nullable Sent start,
        @Nullable Sent abort,
        @Nullable Sent pause,
        @Nullable Kill kill) {
    public static final Orders NONE = new Orders(null, null, null, null, null);

    /// One message.
    ///
    /// @param attempt which attempt it was about
    /// @param at when it was sent
    public record Sent(int attempt, Instant at) {}

    /// A kill order.
    ///
    /// @param pid the engine process that is meant
    /// @param at when it was sent
    public record Kill(long pid, Instant at) {}

    public Orders withPrepare(Sent sent) {
        return new Orders(sent, start, abort, pause, kill);
    }

    public Orders withStart(Sent sent) {
        return new Orders(prepare, sent, abort, pause, kill);
    }

    public Orders withAbort(Sent sent) {
        return new Orders(prepare, start, sent, pause, kill);
    }

    public Orders withPause(Sent sent) {
        return new Orders(prepare, start, abort, sent, kill);
    }

    public Orders withKill(Kill sent) {
        return new Orders(prepare, start, abort, pause, sent);
    }
}
