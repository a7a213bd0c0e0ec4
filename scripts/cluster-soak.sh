#!/usr/bin/env bash
# Trains on a real cluster under random faults and compares with an undisturbed run: FAULTS (30) and SEED (1) may be set.
set -euo pipefail
cd "$(dirname "$0")/.."
java_home=$(scripts/find-jdk25.sh)
exec "$java_home/bin/java" -Dcheckout="$PWD" -cp "e2e/target/test-classes:operator/target/lib/*" \
    dev.pipelinejob.e2e.cluster.ClusterSoak "${FAULTS:-30}" "${SEED:-1}"
