#!/usr/bin/env bash
# Starts a Kubernetes cluster of three nodes on this machine; `down.sh` ends it. Needs Linux and root.
# Leaves target/cluster/kubeconfig; programs for it are in target/cluster/bin, logs in target/cluster/log.
# shellcheck source-path=SCRIPTDIR
set -euo pipefail
cd "$(dirname "$0")"
. ./settings.sh
. ./requirements.sh
. ./processes.sh
. ./certificates.sh
. ./network.sh
. ./control-plane.sh
. ./node.sh
. ./images.sh
. ./volumes.sh

start_nodes() {
    local node
    for node in "${nodes[@]}"; do
        write_node_files "$node"
        give_images "$node"
        begin_containerd "$node"
    done
    for node in "${nodes[@]}"; do await 20 "containerd on $node answers" containerd_is_ready "$node"; done
}

join_nodes() {
    local node
    for node in "${nodes[@]}"; do
        begin_kubelet "$node"
        begin_kube-proxy "$node"
    done
    for node in "${nodes[@]}"; do
        await 60 "$node is Ready" node_is_ready "$node"
        give_accelerators "$node" >/dev/null
    done
}

account_is_there() { kubectl -n "$namespace" get serviceaccount default; }

require_machine
require_own_cluster
./down.sh
rm -rf "$state"
programs=$(../control-plane/build.sh cluster)
echo "$checkout" >"$owner_file"
mkdir -p "$logs" "$pids" "$certificates" "$state/images" "${node_folders[@]}"
for node in "${nodes[@]}"; do mkdir -p "$state/$node"; done
ln -sfn "$programs" "$state/bin"

make_groups
begin_etcd
make_certificates
make_network
begin_kube-apiserver
build_pause
stock_images
start_nodes
await 60 "the API server is ready" api_server_is_ready
begin_kube-controller-manager
begin_kube-scheduler
make_volumes >/dev/null
refuse_names >/dev/null
join_nodes
await 30 "the namespace $namespace has its service account" account_is_there
echo "Three nodes are Ready after $SECONDS s. Try: export KUBECONFIG=$kubeconfig PATH=$state/bin:\$PATH; kubectl get nodes"
