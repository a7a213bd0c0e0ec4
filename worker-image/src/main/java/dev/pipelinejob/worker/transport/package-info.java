/// How workers hand tensors to each other: a port that keeps attempts apart, holds senders back and says at once when
/// a peer is lost. No schedule and no tensor arithmetic lives here; payloads are bytes.
@NullMarked
package dev.pipelinejob.worker.transport;

import org.jspecify.annotations.NullMarked;
