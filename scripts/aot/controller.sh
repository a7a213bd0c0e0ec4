#!/usr/bin/env bash
# Makes the start-up cache of a cluster's operator. It is learned from `controller` at work: against a real API server
# it takes the lead, counts a topology, places a job, makes its pods, tells its status, and lets it go.
#   RUN     words that start the operator's program, up to the command `controller`
#   JAVA    its JVM
#   CACHE   a file
# Where the API server is not built, there is none: scripts/control-plane/build.sh builds it.
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/aot/record.sh
limit_seconds=120
if ! scripts/control-plane/build.sh built >/dev/null; then
    echo "No start-up cache for the operator, because the API server that it is learned against is not built: run scripts/control-plane/build.sh first." >&2
    exit 0
fi
work=$(mktemp -d)
programs=()
trap 'kill "${programs[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
rm -f "$CACHE"

alive() { for program in "${programs[@]}"; do if gone "$program"; then return 1; fi; done; }
# await WHAT COMMAND...: until the command succeeds; not after one of the programs has ended.
await() {
    local what=$1 deadline=$((SECONDS + limit_seconds))
    shift
    until "$@" >/dev/null 2>&1; do
        if [ $SECONDS -ge $deadline ] || ! alive; then
            echo "No start-up cache for the operator: it did not get to $what. It said:" >&2
            grep -v '\[aot\]' "$work/out" | tail -5 >&2
            exit 1
        fi
        sleep 0.1
    done
}
jobs=/apis/pipelinejob.dev/v1alpha1/namespaces/default/pipelinejobs
ask() {
    curl --silent --fail --cacert "$KUBERNETES_CERTS_CA_FILE" \
        --header "Authorization: Bearer $(cat "$KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN")" \
        "${@:2}" "https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT$1"
}
look() { curl --silent --fail "http://127.0.0.1:$PIPELINEJOB_HTTP_PORT/$1"; }
placed() { ask /api/v1/namespaces/default/pods | grep -q '"name": "start-up-0-1"' && ask $jobs/start-up | grep -q '"state"'; }
ended() { ! ask $jobs/start-up; }
topologies=/apis/pipelinejob.dev/v1alpha1/interconnecttopologies
counted() { ask $topologies/start-up | grep -q '"conditions"'; }

scripts/control-plane/run.sh "$work/server" >"$work/out" 2>&1 &
programs=("$!")
await 'an API server' test -e "$work/server/environment"
set -a
. "$work/server/environment"
set +a
# shellcheck disable=SC2086 # words
JDK_JAVA_OPTIONS=$(record operator) $RUN controller >"$work/out" 2>&1 &
operator=$!
programs+=("$operator")
await 'readiness' look readyz
remember operator "$operator"
ask $topologies --header 'Content-Type: application/yaml' --data-binary @- >/dev/null <<'YAML'
apiVersion: pipelinejob.dev/v1alpha1
kind: InterconnectTopology
metadata: {name: start-up}
spec:
  levels:
    - {name: node, nodeLabel: kubernetes.io/hostname, uplinkBytesPerSecond: 12500000000, latencyMicros: 10}
  devices:
    - {name: cpu, resource: cpu, portBytesPerSecond: 12500000000, memoryBytes: 1073741824}
YAML
await 'the count of a topology' counted
ask $jobs --header 'Content-Type: application/yaml' --data-binary @- >/dev/null <<'YAML'
apiVersion: pipelinejob.dev/v1alpha1
kind: PipelineJob
metadata: {name: start-up}
spec:
  model: {catalogue: {gpt: {layers: 2, width: 32, heads: 2, contextLength: 16, vocabularySize: 256, dropout: "0.1", tieEmbeddings: true}}}
  data: {text: {path: corpus, source: {persistentVolumeClaim: {claimName: data}}}}
  training: {steps: 100, batchSize: 8, microBatches: 4, optimizer: {adamW: {learningRate: "1e-3"}}}
  pipeline: {stages: {max: 2}}
  checkpoint: {everySteps: 50, store: {persistentVolumeClaim: {claimName: checkpoints}}}
YAML
await 'the pods of a job' placed
look healthz >/dev/null
look metrics >/dev/null
ask $jobs/start-up --request DELETE >/dev/null
await 'the end of a job' ended
kill -TERM "$operator"
programs=("${programs[0]}")
await 'the end of the operator' gone "$operator"
finish operator "$CACHE"
