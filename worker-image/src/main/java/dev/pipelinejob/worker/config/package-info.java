/// What a worker's processes are told through their environment, as records that are checked once. Nothing here reads
/// the environment itself, and nothing here changes after start-up.
@NullMarked
package dev.pipelinejob.worker.config;

import org.jspecify.annotations.NullMarked;
