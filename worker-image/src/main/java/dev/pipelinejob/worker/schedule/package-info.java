/// The operation list that the operator sent, read and checked. Nothing is executed here, and no list is made here:
/// what a worker does in which order is the planner's decision.
@NullMarked
package dev.pipelinejob.worker.schedule;

import org.jspecify.annotations.NullMarked;
