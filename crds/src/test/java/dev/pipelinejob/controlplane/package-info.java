/// A real Kubernetes control plane for tests: etcd and kube-apiserver as processes on loopback. Knows no resource of
/// ours.
@NullMarked
package dev.pipelinejob.controlplane;

import org.jspecify.annotations.NullMarked;
