package dev.pipelinejob.worker.checkpoint;

/// What the skeleton answers until it is filled.
@SuppressWarnings({"TypeParameterUnusedInFormals", "DoNotCallSuggester"})
final class Pending {
    private Pending() {}

    static <T> T answer(Object... asked) {
        throw new UnsupportedOperationException("not built yet: " + asked.length);
    }
}
