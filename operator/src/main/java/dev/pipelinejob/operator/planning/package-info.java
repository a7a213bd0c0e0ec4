/// From a job's spec and what there is to run on to a plan, its operation lists and the record of an attempt. Knows no
/// process and no pod, and decides nothing about restarts.
@NullMarked
package dev.pipelinejob.operator.planning;

import org.jspecify.annotations.NullMarked;
