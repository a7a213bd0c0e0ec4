/// The model as the planner sees it: layers with their work, bytes and parameters. No devices and no decisions
/// live here.
@NullMarked
package dev.pipelinejob.placement.graph;

import org.jspecify.annotations.NullMarked;
