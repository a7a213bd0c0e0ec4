package dev.pipelinejob.operator.cli;

/// What every command answers with.
public final class ExitCode {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    /// What the user gave is wrong.
    public static final int USER_ERROR = 2;

    private ExitCode() {}
}
