/// The chart, installed by the real Helm on a real API server: what it brings, keeps and allows. Nothing runs here;
// what
/// the operator does with it is the cluster's tests' business.
@NullMarked
package dev.pipelinejob.e2e.chart;

import org.jspecify.annotations.NullMarked;
