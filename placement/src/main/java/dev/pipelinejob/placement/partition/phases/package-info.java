/// Contiguous splits for pipelines that run all forwards before all backwards: the largest forward load plus the
/// largest backward load. What a split costs in one phase is known to the packages above; here the two are traded.
@NullMarked
package dev.pipelinejob.placement.partition.phases;

import org.jspecify.annotations.NullMarked;
