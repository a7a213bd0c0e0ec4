/// The rules of the house that the compiler cannot check: which package may import which, no cycles, honest names.
/// Every module runs them over its own classes in an `ArchitectureTest`; nothing here is shipped.
@NullMarked
package dev.pipelinejob.house;

import org.jspecify.annotations.NullMarked;
