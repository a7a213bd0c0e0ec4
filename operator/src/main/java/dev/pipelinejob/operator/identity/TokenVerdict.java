package dev.pipelinejob.operator.identity;

import dev.pipelinejob.protocol.identity.SpiffeId;

/// Whose token it is, or why it is nobody's.
public sealed interface TokenVerdict {
    /// The token is good.
    ///
    /// @param identity whom it was issued for
    record Accepted(SpiffeId.Worker identity) implements TokenVerdict {}

    /// It is not.
    ///
    /// @param reason one sentence; never carries the token
    record Refused(String reason) implements TokenVerdict {}
}
