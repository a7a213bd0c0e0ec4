/// Splits for the time of one sample: each accelerator runs one connected share at once, CPUs run nodes one by one.
@NullMarked
package dev.pipelinejob.placement.partition.latency;

import org.jspecify.annotations.NullMarked;
