/// Judges a finished split from the workload alone. It shares no code with the solvers, so that one mistake cannot
/// hide in both; it must never import them.
@NullMarked
package dev.pipelinejob.placement.partition.verify;

import org.jspecify.annotations.NullMarked;
