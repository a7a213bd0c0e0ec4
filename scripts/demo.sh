#!/usr/bin/env bash
# Trains examples/char-gpt.yaml twice on real text, kills a worker in the second run, compares bit by bit.
# Leaves timeline.svg and loss.svg in target/demo.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf target/demo
exec ./pipelinejob demo --job examples/char-gpt.yaml --dir target/demo
