#!/bin/sh
# CPU milliseconds of a training step, our engine and PyTorch in turns, one thread each.
# Usage: benchmarks/engine/run.sh [ROUNDS]   (after `make build`; PYTHON names one or several Pythons with torch)
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-5}
export JAVA_HOME="${JAVA_HOME:-$(scripts/find-jdk25.sh)}"
java=$JAVA_HOME/bin/java
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
mkdir -p worker-image/target/benchmark
mvn -q -Dquick -pl worker-image -am test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/benchmark/classpath -Dmdep.includeScope=test >/dev/null
classpath=worker-image/target/test-classes:worker-image/target/classes:$(cat worker-image/target/benchmark/classpath)
ours() {
    "$java" -Xmx512m --enable-native-access=ALL-UNNAMED -Djava.library.path=worker-image/target/native \
        -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -cp "$classpath" dev.pipelinejob.worker.engine.EngineBenchmark "$@"
}
# layers width heads contextLength microBatchSize microBatches dropout warmUpSteps steps
for sizes in "4 64 4 32 4 4 0 30 60" "4 64 4 32 4 4 0.1 30 60" "4 256 8 128 8 2 0 5 10" "4 256 8 128 8 2 0.1 5 10"; do
    echo "# $sizes"
    for _ in $(seq "$rounds"); do
        echo "ours: $(ours $sizes)"
        for python in ${PYTHON:-python3}; do
            echo "PyTorch: $("$python" benchmarks/engine/pytorch.py $sizes)"
        done
    done
done
