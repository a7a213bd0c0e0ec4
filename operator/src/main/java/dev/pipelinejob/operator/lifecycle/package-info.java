/// The core: one immutable observation and the time in, one sealed decision out. Pure; both drivers share it, and
/// nothing here knows processes, pods or gRPC.
@NullMarked
package dev.pipelinejob.operator.lifecycle;

import org.jspecify.annotations.NullMarked;
