package dev.pipelinejob.operator.lifecycle;

import java.time.Instant;

/// The control stream between a slot's supervisor and the operator.
public sealed interface Session {
    /// This incarnation has not said hello yet, or not to this operator.
    ///
    /// @param since since when this operator listens for it
    record Awaited(Instant since) implements Session {}

    /// Its messages arrive.
    record Connected() implements Session {}

    /// The other side closed or reset the stream: the supervisor process has ended.
    ///
    /// @param at when
    record Closed(Instant at) implements Session {}

    /// Nothing arrives and nothing was closed: keepalives went unanswered, or the network is cut.
    ///
    /// @param since the latest moment at which something may still have arrived
    record Silent(Instant since) implements Session {}
}
