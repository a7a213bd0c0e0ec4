/// What a job's pods and ConfigMaps look like, from its spec and a slot's numbers alone: pure builders, golden-tested.
/// Nothing here asks a cluster or decides when something is made.
@NullMarked
package dev.pipelinejob.operator.workers;

import org.jspecify.annotations.NullMarked;
