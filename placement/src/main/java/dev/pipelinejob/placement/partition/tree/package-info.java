/// Splits on a tree of links: which share goes to which leaf, so that no device and no uplink is the bottleneck.
/// Orders, reductions and flat bounds come from the splits of equal devices; nothing here knows a file format.
@NullMarked
package dev.pipelinejob.placement.partition.tree;

import org.jspecify.annotations.NullMarked;
