/// A real API server with what a kubelet does, played by the test: pods become processes of this machine.
@NullMarked
package dev.pipelinejob.operator.cluster;

import org.jspecify.annotations.NullMarked;
