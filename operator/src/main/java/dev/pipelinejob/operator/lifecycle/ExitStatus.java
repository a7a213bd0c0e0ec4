package dev.pipelinejob.operator.lifecycle;

import org.jspecify.annotations.Nullable;

/// How a process ended.
///
/// @param code its exit code; 128 + signal when a signal ended it
/// @param signal the signal that ended it; 0 when none did
public record ExitStatus(int code, int signal) {
    /// Null when the code is negative, as of a process that nobody saw end.
    static @Nullable ExitStatus of(int code, int signal) {
        return code < 0 && signal == 0 ? null : new ExitStatus(code, signal);
    }
}
