//go:build tools

// Package tools names the programs of the control plane that the tests run, so that go.mod pins them.
package tools

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
)
