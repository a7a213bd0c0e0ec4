/// The solver of constraints, CP-SAT of OR-Tools, behind the planner's own ports. The only package that knows the
/// native library; where that is missing, the planner does without.
@NullMarked
package dev.pipelinejob.placement.partition.cpsat;

import org.jspecify.annotations.NullMarked;
