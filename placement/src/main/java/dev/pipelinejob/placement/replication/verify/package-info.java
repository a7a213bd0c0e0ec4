/// Checks plans with replicated stages from nothing but the profile and what the plan says. Shares no code with the
/// planners, so that a mistake there cannot hide here.
@NullMarked
package dev.pipelinejob.placement.replication.verify;

import org.jspecify.annotations.NullMarked;
