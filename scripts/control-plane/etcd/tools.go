//go:build tools

// Package tools names the store of the control plane that the tests run, so that go.mod pins it.
package tools

import (
	_ "go.etcd.io/etcd/server/v3"
)
