package dev.pipelinejob.operator.admission;

import java.util.List;

/// What became of a resource that asked to be let in.
///
/// @param <T> the resource's class
public sealed interface Verdict<T> {

    /// It is valid; defaults are filled in.
    record Admitted<T>(T resource) implements Verdict<T> {}

    /// It is not valid.
    ///
    /// @param sentences at least one; each names file, field and value and says what would do
    record Refused<T>(List<String> sentences) implements Verdict<T> {
        public Refused {
            sentences = List.copyOf(sentences);
            if (sentences.isEmpty()) {
                throw new IllegalArgumentException("A refusal needs a reason.");
            }
        }
    }
}
