package dev.pipelinejob.operator.cli.placement;

/// Exit codes of this package's commands; the same as everywhere.
final class Exit {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USER_ERROR = 2;

    private Exit() {}
}
