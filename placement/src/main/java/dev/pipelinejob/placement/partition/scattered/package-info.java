/// Splits whose shares may be any sets of units: a search that starts from the best contiguous split, and the port
/// through which a solver of constraints may prove or better what it found.
@NullMarked
package dev.pipelinejob.placement.partition.scattered;

import org.jspecify.annotations.NullMarked;
