/// What to do when devices are lost: a new split of the same order that is nearly as good as a fresh one and moves as
/// few bytes as possible. How good splits are found in the first place is the business of the packages above.
@NullMarked
package dev.pipelinejob.placement.partition.failure;

import org.jspecify.annotations.NullMarked;
