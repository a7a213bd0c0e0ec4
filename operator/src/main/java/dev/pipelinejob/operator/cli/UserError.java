package dev.pipelinejob.operator.cli;

import java.io.Serial;
import java.util.List;

/// What the user gave is wrong; the message says what, and what would do.
final class UserError extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    UserError(String sentence) {
        super(sentence);
    }

    UserError(List<String> sentences) {
        super(String.join(System.lineSeparator(), sentences));
    }
}
