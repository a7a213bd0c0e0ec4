/// Tests on a real cluster: scheduler, kubelets, containers, and faults of nodes, links and services. What processes on
/// one machine can show lives in `processes`.
@NullMarked
package dev.pipelinejob.e2e.cluster;

import org.jspecify.annotations.NullMarked;
