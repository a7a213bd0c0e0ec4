/// The discrete-event run of the operation lists on a plan and a topology: step time, bubble, memory, bytes, timeline.
/// It executes exactly the lists that the workers execute, and decides nothing.
@NullMarked
package dev.pipelinejob.placement.simulate;

import org.jspecify.annotations.NullMarked;
