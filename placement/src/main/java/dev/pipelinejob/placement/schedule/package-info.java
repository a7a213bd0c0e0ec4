/// A plan as operation lists, one a worker: the generators and the validator. No times live here: what an operation
/// costs is the business of `cost` and `simulate`.
@NullMarked
package dev.pipelinejob.placement.schedule;

import org.jspecify.annotations.NullMarked;
