#!/usr/bin/env bash
# Runs an API server on loopback, with etcd and nothing else of a cluster, until it is told to end: for starts of the
# operator, which finds there what the chart would have installed, and two nodes that nobody serves.
#   run.sh FOLDER
# When FOLDER/environment is there, it is ready, and that file holds the operator's environment: its token is that of an
# administrator.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$1
limit_seconds=90
programs=$(scripts/control-plane/build.sh "${2:-}")
pids=()
# Nothing of theirs is kept, and an API server that is asked to end waits for a store that is gone.
end() {
    local pid
    for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
    wait
}
trap end EXIT
trap 'exit 0' TERM INT

# free_port: one that nobody listens at now.
free_port() {
    local port
    while port=$((20000 + RANDOM)) && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}
store=http://127.0.0.1:$(free_port)
peers=http://127.0.0.1:$(free_port)
port=$(free_port)
mkdir -p "$folder"
openssl ecparam -name prime256v1 -genkey -noout -out "$folder/signing.key"
openssl ec -in "$folder/signing.key" -pubout -out "$folder/signing.pub" 2>/dev/null
openssl rand -hex 16 | tr -d '\n' >"$folder/token"
echo "$(cat "$folder/token"),admin,admin,\"system:masters\"" >"$folder/tokens.csv"

"$programs/etcd" --name=one --data-dir="$folder/etcd" --unsafe-no-fsync --log-level=error \
    --listen-client-urls="$store" --advertise-client-urls="$store" --listen-peer-urls="$peers" \
    --initial-advertise-peer-urls="$peers" --initial-cluster="one=$peers" >"$folder/etcd.log" 2>&1 &
pids=("$!")
"$programs/kube-apiserver" --etcd-servers="$store" --bind-address=127.0.0.1 --advertise-address=127.0.0.1 \
    --endpoint-reconciler-type=none --secure-port="$port" --cert-dir="$folder/certificates" \
    --service-cluster-ip-range=10.0.0.0/24 --service-account-issuer=https://kubernetes.default.svc \
    --service-account-signing-key-file="$folder/signing.key" --service-account-key-file="$folder/signing.pub" \
    --token-auth-file="$folder/tokens.csv" --authorization-mode=Node,RBAC >"$folder/kube-apiserver.log" 2>&1 &
pids=("$!" "${pids[@]}")

ask() {
    curl --silent --fail --show-error --cacert "$folder/certificates/apiserver.crt" \
        --header "Authorization: Bearer $(cat "$folder/token")" "${@:2}" "https://127.0.0.1:$port$1"
}
# await WHAT COMMAND...: until it succeeds.
await() {
    until "${@:2}" >/dev/null 2>&1; do
        if [ $SECONDS -ge $limit_seconds ] || ! kill -0 "${pids[0]}" 2>/dev/null; then
            echo "No API server: it did not get to $1. It said:" >&2
            tail -5 "$folder/kube-apiserver.log" >&2
            exit 1
        fi
        sleep 0.1
    done
}
await 'being ready' ask /readyz
# create COLLECTION: what standard input describes.
create() { ask "$1" --header 'Content-Type: application/yaml' --data-binary @- >/dev/null; }
for definition in helm/pipelinejob/definitions/*.yaml; do
    create /apis/apiextensions.k8s.io/v1/customresourcedefinitions <"$definition"
done
await 'our definitions' ask /apis/pipelinejob.dev/v1alpha1/pipelinejobs
await 'our definitions' ask /apis/pipelinejob.dev/v1alpha1/interconnecttopologies
create /api/v1/namespaces/default/serviceaccounts <<<'metadata: {name: default}'
create /api/v1/namespaces/default/services <<<'{metadata: {name: pipelinejob-control}, spec: {ports: [{name: control, port: 7600}]}}'
for node in node-1 node-2; do
    create /api/v1/nodes <<YAML
metadata: {name: $node, labels: {kubernetes.io/hostname: $node, kubernetes.io/arch: amd64}}
status:
  allocatable: &offer {cpu: "1", memory: 8Gi, ephemeral-storage: 8Gi, pods: "10"}
  capacity: *offer
  conditions: [{type: Ready, status: "True", reason: KubeletReady}]
YAML
    # A new node is tainted until somebody has seen that it is ready; nobody else looks here.
    ask /api/v1/nodes/$node --request PATCH --header 'Content-Type: application/merge-patch+json' \
        --data '{"spec": {"taints": null}}' >/dev/null
done
cat >"$folder/environment.part" <<END
KUBERNETES_SERVICE_HOST=127.0.0.1
KUBERNETES_SERVICE_PORT=$port
KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN=$folder/token
KUBERNETES_CERTS_CA_FILE=$folder/certificates/apiserver.crt
PIPELINEJOB_OPERATOR_NAMESPACE=default
PIPELINEJOB_POD_NAME=operator
PIPELINEJOB_POD_IP=192.0.2.1
PIPELINEJOB_WORKER_IMAGE=worker
PIPELINEJOB_CONTROL_PORT=0
PIPELINEJOB_HTTP_PORT=$(free_port)
END
mv "$folder/environment.part" "$folder/environment"
wait
