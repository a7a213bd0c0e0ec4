/// What people and programs read about a job: conditions and figures, made from what the lifecycle decided. Pure;
/// nothing is decided here.
@NullMarked
package dev.pipelinejob.operator.status;

import org.jspecify.annotations.NullMarked;
