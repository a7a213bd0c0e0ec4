/// The search for a plan: exact for chains of layers on a tree of slots, with a lower bound, or the reason why
/// none fits. Pure Java; clocks come in from outside, and what a plan costs is the business of `cost`.
@NullMarked
package dev.pipelinejob.placement.solve;

import org.jspecify.annotations.NullMarked;
