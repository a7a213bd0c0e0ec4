/// What the planner decides: stages, the slots that hold them, micro-batches and the schedule's name, and the check
/// that a plan is legal. No costs and no search live here.
@NullMarked
package dev.pipelinejob.placement.plan;

import org.jspecify.annotations.NullMarked;
