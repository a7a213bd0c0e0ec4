#!/usr/bin/env bash
# Makes the start-up caches of driver, supervisor and engine: what a JVM would load, link and profile at each start,
# it reads from a file (JEP 483, 514, 515). To learn what that is, a small job is trained with these very processes, and
# an engine is ended so that its standby takes over. A cache fits one JVM and one class path; where it is
# missing or does not fit, starts are slower and nothing else.
#
# Without variables: for ./pipelinejob of this checkout, after `make build`; nothing is done if the caches are newer
# than the jars. For an installation elsewhere, set these:
#   RUN             words that start its driver, up to the command `run`
#   JAVA            its JVM
#   WORKER_CACHES   a folder
#   DRIVER_CACHE    a file; without it, there is none for the driver
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/aot/record.sh
limit_seconds=600

if [ -z "${RUN:-}" ]; then
    RUN=./pipelinejob
    JAVA=${JAVA_HOME:-$(scripts/find-jdk25.sh)}/bin/java
    DRIVER_CACHE=$PWD/operator/target/aot/driver.aot
    WORKER_CACHES=$PWD/worker-image/target/aot
    oldest=$WORKER_CACHES/engine.aot
    if [ "$DRIVER_CACHE" -ot "$oldest" ]; then oldest=$DRIVER_CACHE; fi
    if [ -f "$oldest" ] && [ -z "$(find operator/target worker-image/target -name '*.jar' -newer "$oldest")" ]; then
        exit 0
    fi
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$WORKER_CACHES"
rm -f "$WORKER_CACHES"/{supervisor,engine}.aot
status=$work/run/status.json

# number NAME: the first number of that name in the status.
number() { sed -n "s/^ *\"$1\" : \([0-9]*\),*$/\1/p" "$status" 2>/dev/null | head -1; }

# await WHAT COMMAND...: until the command succeeds.
await() {
    local what=$1 deadline=$((SECONDS + limit_seconds))
    shift
    until "$@"; do
        if [ $SECONDS -ge $deadline ] || ! kill -0 "$driver" 2>/dev/null; then
            echo "No start-up caches: the training run did not get to $what. It said:" >&2
            tail -5 "$work/out" >&2
            kill "$driver" 2>/dev/null || true
            exit 1
        fi
        sleep 0.1
    done
}
standby() { grep -q '"standby" : true' "$status" 2>/dev/null; }
trains() { grep -q '"state" : "Running"' "$status" 2>/dev/null && [ "$(number restarts)" = "$1" ] && [ "$(number step)" -gt 0 ]; }

cat >"$work/job.yaml" <<YAML
apiVersion: pipelinejob.dev/v1alpha1
kind: PipelineJob
metadata: {name: start-up}
spec:
  model: {catalogue: {gpt: {layers: 2, width: 32, heads: 2, contextLength: 16, vocabularySize: 256, dropout: "0.1", tieEmbeddings: true}}}
  data: {text: {path: $work/corpus}}
  training:
    steps: 1000000
    batchSize: 8
    microBatches: 4
    optimizer: {adamW: {learningRate: "1e-3"}}
    learningRateSchedule: {cosine: {warmUpSteps: 10}}
    gradientClipNorm: "1.0"
  pipeline: {stages: {max: 2}}
  checkpoint: {everySteps: 50, keepLast: 2}
YAML
head -c 20000 docs/architecture.md >"$work/corpus"

if [ -n "${DRIVER_CACHE:-}" ]; then
    mkdir -p "$(dirname "$DRIVER_CACHE")"
    rm -f "$DRIVER_CACHE"
    JDK_JAVA_OPTIONS=$(record driver)
    export JDK_JAVA_OPTIONS
fi
# An engine's profiles stay out: with them the optimizing compiler works through a start.
engine_record=$(record engine -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining)
# shellcheck disable=SC2086 # words
PIPELINEJOB_SUPERVISOR_OPTIONS="${PIPELINEJOB_SUPERVISOR_OPTIONS:-} $(record supervisor)" PIPELINEJOB_ENGINE_OPTIONS=$engine_record \
    $RUN run "$work/job.yaml" --dir "$work/run" >"$work/out" 2>&1 &
driver=$!
await 'a ready standby' standby
unset JDK_JAVA_OPTIONS
supervisor=$(number supervisorPid)
engine=$(number pid)
remember driver "$driver"
remember supervisor "$supervisor"
kill -TERM "$engine"
await 'a step of the standby' trains 1
# The second engine is the one to learn from: it knows a standby's warm-up, a recovery and a neighbour.
engine=$(number pid)
remember engine "$engine"
# A driver that sees it write its record, and work no more, would end it.
kill -STOP "$driver"
kill -TERM "$engine"
await 'the end of an engine' gone "$engine"
kill -CONT "$driver"
# A supervisor that the driver ends has little time; one that ends by itself has all that it needs.
kill -TERM "$supervisor"
await 'the end of a supervisor' gone "$supervisor"
kill -TERM "$driver"
wait "$driver" || true
if [ -n "${DRIVER_CACHE:-}" ]; then finish driver "$DRIVER_CACHE"; fi
finish supervisor "$WORKER_CACHES/supervisor.aot"
finish engine "$WORKER_CACHES/engine.aot"
