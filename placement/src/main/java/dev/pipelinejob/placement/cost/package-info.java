/// Arithmetic: how long a stage computes, how long a transfer takes, how much memory a worker needs at its peak.
/// No search and no clock live here; units stand in the names.
@NullMarked
package dev.pipelinejob.placement.cost;

import org.jspecify.annotations.NullMarked;
