/// Runs attempts: prepares them, executes their operation lists in order on one compute thread, and tells how they
/// went. It decides no schedule and holds no tensor: those are the planner's and the engine's.
@NullMarked
package dev.pipelinejob.worker.runtime;

import org.jspecify.annotations.NullMarked;
