#!/usr/bin/env bash
# The README's test command: sets up what is missing, then runs every check and test once.
set -euo pipefail
cd "$(dirname "$0")/.."
mvn --batch-mode --no-transfer-progress verify
scripts/offences.sh
