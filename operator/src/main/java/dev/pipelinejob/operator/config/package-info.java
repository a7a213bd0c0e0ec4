/// What the operator is told through its environment, checked once at start-up. Knows no cluster and no job.
@NullMarked
package dev.pipelinejob.operator.config;

import org.jspecify.annotations.NullMarked;
