/// What a cluster's nodes and pods mean for a job: how present a slot is, and which machines have room for how many.
/// Pure; whoever watches the cluster keeps the slim records that are made here.
@NullMarked
package dev.pipelinejob.operator.observe;

import org.jspecify.annotations.NullMarked;
