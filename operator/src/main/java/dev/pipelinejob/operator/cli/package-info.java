/// The command line: what a person types, sees and gets as an exit code, and the wiring of each command. What a command
/// does lives below; here is only how it is asked for and shown.
@NullMarked
package dev.pipelinejob.operator.cli;

import org.jspecify.annotations.NullMarked;
