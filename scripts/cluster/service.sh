#!/usr/bin/env bash
# service.sh start|stop NAME: one of the cluster's processes, such as etcd, kube-apiserver, kubelet-node-2.
# shellcheck source-path=SCRIPTDIR
set -euo pipefail
cd "$(dirname "$0")"
. ./settings.sh
. ./requirements.sh
. ./processes.sh
. ./control-plane.sh
. ./node.sh

usage="Say 'service.sh start|stop NAME', where NAME is one of: $(cd "$pids" 2>/dev/null && echo *)."
if [ $# -ne 2 ] || [ ! -e "$pids/$2" ]; then fail "$usage"; fi
case $1 in
start)
    case $2 in
    *-node-*)
        node=node-${2##*-node-}
        "begin_${2%-"$node"}" "$node"
        ;;
    *) "begin_$2" ;;
    esac
    if [[ $2 = etcd || $2 = kube-apiserver ]]; then await 60 "the API server is ready" api_server_is_ready; fi
    if [[ $2 = kubelet-* ]]; then
        await 60 "$node is Ready" node_is_ready "$node"
        give_accelerators "$node" >/dev/null
    fi
    ;;
# An outage, not a farewell: an API server that is asked to end waits for its watchers.
stop) end "$2" KILL ;;
*) fail "$usage" ;;
esac
