/// `pipelinejob placement`: the planner on operator graphs in the public formats. Here is only how it is asked, what a
/// plan file looks like and which inputs a benchmark has; how splits are found and checked lives in the planner.
@NullMarked
package dev.pipelinejob.operator.cli.placement;

import org.jspecify.annotations.NullMarked;
