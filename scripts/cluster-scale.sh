#!/usr/bin/env bash
# Measures the operator among many nodes and pods that only the API server knows. NODES (500), FOREIGN (5000), RESTARTS (5)
# and RANKS ("512 1024", the last job's workers speak) may be set. Nodes that nobody breaks may be late with their leases.
set -euo pipefail
cd "$(dirname "$0")/.."
export NODE_GRACE=${NODE_GRACE:-120s}
java_home=$(scripts/find-jdk25.sh)
# shellcheck disable=SC2086 # a list of words
exec "$java_home/bin/java" -Dcheckout="$PWD" -Dlogback.configurationFile=logback-scale.xml -cp "e2e/target/test-classes:operator/target/lib/*" \
    dev.pipelinejob.e2e.cluster.Scale "${NODES:-500}" "${FOREIGN:-5000}" "${RESTARTS:-5}" ${RANKS:-512 1024}
