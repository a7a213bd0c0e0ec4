/// Channels between workers in one JVM, for tests and for stages that share a process. No bytes leave the process.
@NullMarked
package dev.pipelinejob.worker.transport.local;

import org.jspecify.annotations.NullMarked;
