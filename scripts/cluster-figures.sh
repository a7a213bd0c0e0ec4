#!/usr/bin/env bash
# Measures on a real cluster how long training stands still after each kind of failure; ROUNDS (5) may be set, and EVENTS to
# some of: start engine pod forced lingering operator node.
set -euo pipefail
cd "$(dirname "$0")/.."
java_home=$(scripts/find-jdk25.sh)
# shellcheck disable=SC2086 # a list of words
exec "$java_home/bin/java" -Dcheckout="$PWD" -cp "e2e/target/test-classes:operator/target/lib/*" \
    dev.pipelinejob.e2e.cluster.Figures "${ROUNDS:-5}" ${EVENTS:-}
