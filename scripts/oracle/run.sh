#!/bin/sh
# Lets plain PyTorch train what PytorchOracleIT trains, and stores its losses and weights as the test's resources.
# Usage: scripts/oracle/run.sh   (PYTHON names a Python with torch and safetensors; otherwise one is installed into
# target/oracle-python, about 3 GB)
set -eu
cd "$(dirname "$0")/../.."
if [ -z "${PYTHON:-}" ]; then
    PYTHON=target/oracle-python/bin/python
    [ -x "$PYTHON" ] || python3 -m venv target/oracle-python
    "$PYTHON" -c 'import torch, safetensors' 2>/dev/null || "$PYTHON" -m pip install torch==2.10.0 numpy safetensors
fi
resources=worker-image/src/test/resources/oracle
test_oracle() {
    mvn -q -Dquick -pl worker-image -am verify -Dtest=None -Dit.test=PytorchOracleIT \
        -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
}
test_oracle >/dev/null 2>&1 || true # Leaves the inputs, also when the stored reference is of another day.
"$PYTHON" scripts/oracle/train.py worker-image/target/oracle/inputs.safetensors "$resources"
test_oracle
cat worker-image/target/oracle/result.txt
