/// Makes the definitions and their reference page from the records, and holds them against the committed files and a
/// real API server. Tests only.
@NullMarked
package dev.pipelinejob.api.definitions;

import org.jspecify.annotations.NullMarked;
