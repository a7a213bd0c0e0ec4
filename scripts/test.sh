#!/usr/bin/env bash
# The README's test command: sets up what is missing, then runs every check and test once.
set -euo pipefail
cd "$(dirname "$0")/.."

# The checkpoint tests read our files with Python's safetensors library in an environment of their own.
if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        echo "Installing python3 with venv, which reads our checkpoints in a test."
        apt-get update -qq && apt-get install -y -qq python3 python3-venv >/dev/null
    else
        echo "The tests read checkpoints with Python: install python3 with its venv module." >&2
        exit 2
    fi
fi
# The real API server of the schema tests: from KUBEBUILDER_ASSETS, or built once into a cache.
scripts/control-plane/build.sh >/dev/null

mvn --batch-mode --no-transfer-progress verify
scripts/chart.sh
scripts/offences.sh
