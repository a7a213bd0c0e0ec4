/// Splits an operator graph over accelerators and CPUs so that the busiest device is as little busy as can be proved.
/// The rules of what a split costs and may do live in `verify` a second time; files and formats do not live here.
@NullMarked
package dev.pipelinejob.placement.partition;

import org.jspecify.annotations.NullMarked;
