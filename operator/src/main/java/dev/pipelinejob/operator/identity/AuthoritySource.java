package dev.pipelinejob.operator.identity;

import java.io.IOException;

/// Where the keys of a CA are kept that changes while workers trust it.
@FunctionalInterface
public interface AuthoritySource {
    /// The keys as they are now, one step further when a change is due.
    ///
    /// @throws IOException when they cannot be had now
    AuthorityKeys current() throws IOException;
}
