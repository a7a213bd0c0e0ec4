#!/usr/bin/env bash
# fake-nodes.sh COUNT: adds nodes that only the API server knows to the running cluster. Pods bound to them are Running at
# once, by kwok. A taint, kwok.x-k8s.io/node=fake:NoSchedule, keeps away whoever does not ask for them.
# shellcheck source-path=SCRIPTDIR
set -euo pipefail
cd "$(dirname "$0")"
. ./settings.sh
. ./processes.sh
. ./control-plane.sh

nodes_a_rack=32

fake_node() {
    cat <<END
---
apiVersion: v1
kind: Node
metadata:
  name: fake-$1
  annotations: {kwok.x-k8s.io/node: fake, node.alpha.kubernetes.io/ttl: "0"}
  labels:
    kubernetes.io/arch: amd64
    kubernetes.io/os: linux
    kubernetes.io/hostname: fake-$1
    example.com/rack: fake-$(($1 / nodes_a_rack))
    type: kwok
spec:
  taints: [{key: kwok.x-k8s.io/node, value: fake, effect: NoSchedule}]
status:
  allocatable: {cpu: "32", memory: 256Gi, ephemeral-storage: 500Gi, pods: "110", nvidia.com/gpu: "8"}
  capacity: {cpu: "32", memory: 256Gi, ephemeral-storage: 500Gi, pods: "110", nvidia.com/gpu: "8"}
END
}

begin_kwok() {
    begin kwok "$state/bin/kwok" --config "$scripts/fake-nodes.yaml" --kubeconfig "$kubeconfig" --manage-all-nodes=false \
        --manage-nodes-with-annotation-selector kwok.x-k8s.io/node=fake --node-lease-duration-seconds 160
}

all_ready() {
    [ "$(kubectl get nodes -l type=kwok --no-headers | grep -cw Ready)" -ge "$1" ]
}

if ! [[ ${1:-} =~ ^[1-9][0-9]*$ ]]; then fail "Say how many, such as: fake-nodes.sh 500."; fi
if ! is_alive kube-apiserver; then fail "No cluster runs: start one with 'make cluster'."; fi
if ! is_alive kwok; then begin_kwok; fi
for ((node = 0; node < $1; node++)); do fake_node "$node"; done | kubectl create --validate=false -f - >/dev/null ||
    fail "The fake nodes could not be made."
await 120 "$1 fake nodes are Ready" all_ready "$1"
echo "$1 fake nodes are Ready after $SECONDS s."
