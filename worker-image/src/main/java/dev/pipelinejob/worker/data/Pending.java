package dev.pipelinejob.worker.data;

/// What the skeleton answers until it is filled.
@SuppressWarnings({"TypeParameterUnusedInFormals", "DoNotCallSuggester"})
final class Pending {
    private Pending() {}

    static <T> T answer(Object... asked) {
        throw new UnsupportedOperationException("not built yet: " + asked.length);
    }
}
