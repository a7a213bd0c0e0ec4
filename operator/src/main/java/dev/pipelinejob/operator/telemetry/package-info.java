/// What the operator says of itself: figures for Prometheus, health and readiness over HTTP. Knows no cluster and
/// decides nothing.
@NullMarked
package dev.pipelinejob.operator.telemetry;

import org.jspecify.annotations.NullMarked;
