/// The training data as a sequence of tokens, and the order in which samples are drawn from it. No model,
/// no tensor
/// type and no state lives here: what a step sees depends on seed, step and micro-batch alone.
@NullMarked
package dev.pipelinejob.worker.data;

import org.jspecify.annotations.NullMarked;
