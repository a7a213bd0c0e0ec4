package dev.pipelinejob.operator.admission;

/// One thing that is wrong.
///
/// @param path the field, such as `spec.training.steps`; empty for the whole file
/// @param text what must be, and what is, as the rest of a sentence that begins with the path
/// @param blocking whether rules over several fields would make no sense while this stands
record Finding(String path, String text, boolean blocking) {
    static Finding blocking(String path, String text) {
        return new Finding(path, text, true);
    }

    static Finding harmless(String path, String text) {
        return new Finding(path, text, false);
    }
}
