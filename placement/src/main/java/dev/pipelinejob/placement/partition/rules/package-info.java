/// Splits by plain rules, to compare with: they see the work of layers and nothing else, neither memory nor transfers.
/// What such a split is worth is for others to say.
@NullMarked
package dev.pipelinejob.placement.partition.rules;

import org.jspecify.annotations.NullMarked;
