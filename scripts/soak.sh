#!/usr/bin/env bash
# Trains a small model under random kills and compares it with an undisturbed run: KILLS (50) and SEED (1) may be set.
set -euo pipefail
cd "$(dirname "$0")/.."
java_home=$(scripts/find-jdk25.sh)
exec "$java_home/bin/java" -Dcheckout="$PWD" -cp "e2e/target/test-classes:operator/target/lib/*" \
    dev.pipelinejob.e2e.processes.Soak "${KILLS:-50}" "${SEED:-1}"
