/// How a worker's processes say what happens: one line an event, on standard error. Set up in code, because reading a
/// configuration file costs a process's start more than anything else that it does in Java.
@NullMarked
package dev.pipelinejob.worker.logging;

import org.jspecify.annotations.NullMarked;
