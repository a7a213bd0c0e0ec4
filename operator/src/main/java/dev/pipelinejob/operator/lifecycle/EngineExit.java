package dev.pipelinejob.operator.lifecycle;

/// The last end of an engine process in this incarnation of a slot, kept until the next one.
///
/// @param pid which process
/// @param exitCode its exit code; 128 + signal when a signal ended it
/// @param signal the signal that ended it; 0 when none did
/// @param logTail the last lines of its log
/// @param outOfMemory whether the kernel killed it for its memory
public record EngineExit(long pid, int exitCode, int signal, String logTail, boolean outOfMemory) {
    public EngineExit(long pid, int exitCode, int signal, String logTail) {
        this(pid, exitCode, signal, logTail, false);
    }
}
