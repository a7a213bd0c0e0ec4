/// The contract between the runtime and whatever computes: handles and byte buffers only. No engine's own types
/// and no schedule live here.
@NullMarked
package dev.pipelinejob.worker.engine;

import org.jspecify.annotations.NullMarked;
