#!/usr/bin/env bash
# How fast the operator starts and how much memory it holds among the nodes and pods of a cluster: one real API server with
# NODES (500) nodes and PODS (5000) of somebody else's pods on them, and ROUNDS (5) starts of the operator from the
# images' own files, under the chart's limit of memory. Needs target/images/layers (`make images`), and the API server that
# scripts/control-plane/build.sh builds.
# A row a start: seconds and processor seconds from the process to its readiness; then, SETTLE (15) seconds later, its
# memory in MiB: all of it, the most so far, what is no file's (heap and JVM), and what nobody else has mapped.
set -euo pipefail
cd "$(dirname "$0")/../.."
nodes=${NODES:-500}
pods=${PODS:-5000}
rounds=${ROUNDS:-5}
settle_seconds=${SETTLE:-15}
limit_seconds=300
limit_memory=$(sed -n 's/^ *limits: {memory: \(.*\)Mi}$/\1/p' helm/pipelinejob/values.yaml)
ticks=$(getconf CLK_TCK)
writers=16
work=$(mktemp -d)
programs=()
trap 'kill "${programs[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT

# await WHAT COMMAND...: until the command succeeds.
await() {
    local what=$1 deadline=$((SECONDS + limit_seconds))
    shift
    until "$@" 2>/dev/null; do
        if [ $SECONDS -ge $deadline ]; then
            echo "Waited $limit_seconds s in vain for $what. The last words were:" >&2
            tail -5 "$work/out" >&2
            exit 1
        fi
        sleep 0.01
    done
}

# one FILE: its content as one line for a configuration of curl.
one() { tr -d '\n' <"benchmarks/operator/$1" | sed 's/\\/\\\\/g; s/"/\\"/g'; }
# request PATH KIND METHOD: words that change a body from standard input, a line each, into requests.
request() {
    awk -v url="https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT$1" -v kind="$2" -v method="$3" \
        -v ca="$KUBERNETES_CERTS_CA_FILE" -v token="$(cat "$KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN")" '{
            path = url; sub(/NAME/, $1, path); sub(/^[^ ]* /, "")
            printf "%surl=\"%s\"\nrequest=\"%s\"\nheader=\"Content-Type: application/%s\"\n", (NR > 1 ? "next\n" : ""), path, method, kind
            printf "header=\"Authorization: Bearer %s\"\ncacert=\"%s\"\noutput=\"/dev/null\"\nfail\ndata=\"%s\"\n", token, ca, $0
        }' >"$work/requests"
    if [ ! -s "$work/requests" ]; then return 0; fi
    curl --silent --show-error --no-progress-meter --parallel --parallel-max $writers --config "$work/requests"
}
# numbered COUNT FILE: that file COUNT times, after the number.
numbered() { one "$2" >"$work/body"; seq "$1" | awk -v body="$work/body" 'BEGIN {getline text < body} {print $1 " " text}'; }
images() { seq 50 | while read -r number; do one image.json | sed "s/NUMBER/$number/g"; echo; done | paste -sd,; }

populate() {
    images >"$work/images"
    numbered "$nodes" node.json | awk -v file="$work/images" 'BEGIN {getline images < file} {
        number = $1; sub(/IMAGES/, images); gsub(/NODE/, "big-" number); print}' | request /api/v1/nodes json POST
    numbered "$pods" pod.json | awk -v nodes="$nodes" '{
        number = $1; gsub(/NODE/, "big-" (number % nodes + 1)); sub(/POD/, "shop-" number); print}' |
        request /api/v1/namespaces/default/pods json POST
    numbered "$pods" status.json | sed 's/^/shop-/' | request /api/v1/namespaces/default/pods/NAME/status merge-patch+json PATCH
}

# layers: what the images hold in one tree, with the places in it instead of the images'.
layers() {
    local layer tree=$work/tree
    mkdir "$tree"
    for layer in target/images/layers/{system,operator-*}/; do cp -as "$PWD/$layer." "$tree"; done
    sed "s#/opt/pipelinejob#$tree/opt/pipelinejob#g" "$tree/opt/pipelinejob/operator.arguments" >"$work/arguments"
}

ready() {
    local answer
    exec 3<>"/dev/tcp/127.0.0.1/$PIPELINEJOB_HTTP_PORT" || return 1
    printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3
    read -r answer <&3
    exec 3>&-
    [[ $answer == *' 200 '* ]]
}
# memory PID: what it holds.
memory() {
    awk '/^VmRSS|^VmHWM|^RssAnon/ {v[$1] = $2 / 1024} /^Private_/ {own += $2 / 1024} END {
        printf "%.0f %.0f %.0f %.0f", v["VmRSS:"], v["VmHWM:"], v["RssAnon:"], own}' "/proc/$1/status" "/proc/$1/smaps_rollup"
}
run() {
    local begin operator
    begin=$(date +%s.%N)
    JDK_JAVA_OPTIONS="-XX:MaxRAM=${limit_memory}m ${OPTIONS:-}" "${java[@]}" "@$work/arguments" \
        dev.pipelinejob.operator.cli.Main controller >"$work/out" 2>&1 &
    operator=$!
    programs+=("$operator")
    await 'readiness' ready
    awk -v a="$begin" -v b="$(date +%s.%N)" -v h="$ticks" '{printf "%.2f %.2f ", b - a, ($14 + $15) / h}' "/proc/$operator/stat"
    sleep "$settle_seconds"
    memory "$operator"
    echo
    kill -TERM "$operator"
    wait "$operator" || true
    unset 'programs[-1]'
}

scripts/control-plane/run.sh "$work/server" >"$work/out" 2>&1 &
programs=("$!")
await 'an API server' test -e "$work/server/environment"
set -a
. "$work/server/environment"
set +a
populate
layers
java=("$work/tree/opt/pipelinejob/runtime/bin/java")
columns='seconds processor VmRSS VmHWM RssAnon private'
echo "$columns"
for ((round = 1; round <= rounds; round++)); do run; done | tee "$work/rows"
echo
echo "among $nodes nodes and $pods pods: median (least - most of $rounds)"
for column in 1 2 3 4 5 6; do
    printf '  %-10s %s\n' "$(cut -d' ' -f$column <<<"$columns")" "$(cut -d' ' -f$column "$work/rows" | sort -n |
        awk '{v[NR] = $1} END {printf "%s (%s - %s)", v[int((NR + 1) / 2)], v[1], v[NR]}')"
done
