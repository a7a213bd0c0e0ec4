#!/usr/bin/env bash
# Ends this checkout's cluster, also one that was started by half: no process, mount, link, namespace or control group
# stays. Logs and volumes stay in target/cluster until the next start.
# shellcheck source-path=SCRIPTDIR
set -euo pipefail
cd "$(dirname "$0")"
. ./settings.sh
. ./processes.sh
. ./network.sh

require_own_cluster
if [ -e "$owner_file" ] || [ -d "$(tracking_hierarchy)/$group" ]; then
    if [ "$(id -u)" -ne 0 ]; then fail "Only root can end the cluster."; fi
    end_everything
    remove_network
    remove_groups
    rmdir "${node_folders[@]}" 2>/dev/null || true
    rm -rf "$owner_file" "${state:?}"/{etcd,node-*,images,pids,certificates,bin,*kubeconfig}
fi
