/// Plans whose stages may be replicated, split by tensors and recomputed, in the cost models of Piper and PipeDream.
/// Both are chains of sets of layers that can be the rest of a pipeline; a limit on the slowest stage decides.
@NullMarked
package dev.pipelinejob.placement.replication;

import org.jspecify.annotations.NullMarked;
