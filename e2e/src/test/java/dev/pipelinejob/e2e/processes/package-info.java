/// Training with real processes, started as a user starts it, and killed in every phase. What one JVM can show lives
/// in `numerics`; what a user may get wrong lives in `inputs`.
@NullMarked
package dev.pipelinejob.e2e.processes;

import org.jspecify.annotations.NullMarked;
