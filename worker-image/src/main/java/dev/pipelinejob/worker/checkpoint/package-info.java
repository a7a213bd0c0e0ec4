/// The store of checkpoints, losses and the finished model, and the safetensors format that it is written
/// in. No
/// schedule, no transport and no engine call lives here: tensors come and go as byte buffers.
@NullMarked
package dev.pipelinejob.worker.checkpoint;

import org.jspecify.annotations.NullMarked;
