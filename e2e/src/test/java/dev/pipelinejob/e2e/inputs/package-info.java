/// What a user may get wrong, one row an input: every one ends with a sentence and an exit code, and nothing is lost.
/// Processes that die are not a user's mistake; they live in `processes`.
@NullMarked
package dev.pipelinejob.e2e.inputs;

import org.jspecify.annotations.NullMarked;
