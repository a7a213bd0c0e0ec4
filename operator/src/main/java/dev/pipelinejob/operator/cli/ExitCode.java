package dev.pipelinejob.operator.cli;

/// What every command answers with.
final class ExitCode {
    static final int DONE = 0;
    static final int FAILED = 1;
    /// What the user gave is wrong.
    static final int USER_ERROR = 2;

    private ExitCode() {}
}
