/// The pipeline computes what one process computes, to the last bit. Worker runtimes share one JVM here; what needs
/// real processes lives in other packages.
@NullMarked
package dev.pipelinejob.e2e.numerics;

import org.jspecify.annotations.NullMarked;
