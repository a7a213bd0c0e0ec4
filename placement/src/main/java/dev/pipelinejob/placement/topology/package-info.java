/// The machines as the planner sees them: a tree of domains with uplinks, and slots with memory, ports and speed.
/// No model lives here.
@NullMarked
package dev.pipelinejob.placement.topology;

import org.jspecify.annotations.NullMarked;
