/// Operator graphs with measured costs, and the readers of the public formats that carry them.
/// Nothing is decided here: a workload is what a file says, checked once, in one unit of time.
@NullMarked
package dev.pipelinejob.placement.workload;

import org.jspecify.annotations.NullMarked;
