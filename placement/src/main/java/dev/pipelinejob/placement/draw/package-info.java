/// Pictures for people: the placement on its tree and the timeline of a step, as SVG text.
/// Nothing is computed here that a reader could not check by eye.
@NullMarked
package dev.pipelinejob.placement.draw;

import org.jspecify.annotations.NullMarked;
