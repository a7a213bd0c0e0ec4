/// What a worker measures of itself, in the words of the protocol. Nothing here decides anything, and nothing here
/// may hold up a step.
@NullMarked
package dev.pipelinejob.worker.telemetry;

import org.jspecify.annotations.NullMarked;
