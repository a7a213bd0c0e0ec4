/// The pod's first process: its identity, its stream to the operator, and the engine processes that it starts, watches
/// and replaces. It trains nothing and survives everything that kills an engine.
@NullMarked
package dev.pipelinejob.worker.supervisor;

import org.jspecify.annotations.NullMarked;
