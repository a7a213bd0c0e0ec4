package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the driver has sent on the slot's present session, so that nothing is sent twice. A new session begins with
/// {@link #NONE}; what the worker then reports stands for itself.
///
/// @param prepare the last `Prepare`
/// @param start the last `Start`
/// @param abort the last `Abort`
/// @param killedEnginePid the engine process that the supervisor was last told to kill; 0 = none
public record Orders(
        @Nullable Sent prepare,
        @Nullable Sent start,
        @Nullable Sent abort,
        long killedEnginePid) {
    public static final Orders NONE = new Orders(null, null, null, 0);

    /// One message.
    ///
    /// @param attempt which attempt it was about
    /// @param at when it was sent
    public record Sent(int attempt, Instant at) {}

    public Orders withPrepare(Sent sent) {
        return new Orders(sent, start, abort, killedEnginePid);
    }

    public Orders withStart(Sent sent) {
        return new Orders(prepare, sent, abort, killedEnginePid);
    }

    public Orders withAbort(Sent sent) {
        return new Orders(prepare, start, sent, killedEnginePid);
    }

    public Orders withKilledEngine(long pid) {
        return new Orders(prepare, start, abort, pid);
    }
}
