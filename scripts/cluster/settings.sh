# shellcheck shell=bash disable=SC2034 # the files that source this one use the names
# Names, addresses and folders of the cluster.

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$scripts/../.." && pwd)
state=$checkout/target/cluster
logs=$state/log
pids=$state/pids
certificates=$state/certificates
volumes=$state/volumes
stock=$checkout/target/cluster-stock

# One cluster a machine: the addresses and names below are the machine's. This file says whose it is.
owner_file=/run/pipelinejob-cluster

nodes=(node-1 node-2 node-3)
accelerators_a_node=2
worker_user=65532

bridge=pipelinejob0
bridge_address=172.31.0.1
api_server=https://$bridge_address:6443
etcd_client=http://127.0.0.1:23790
etcd_peer=http://127.0.0.1:23800
service_range=10.96.0.0/16
api_service=10.96.0.1
dns_service=10.96.0.10
pod_range=10.244.0.0/16

# Every process of the cluster lives below this control group, in every hierarchy.
group=pipelinejob

# Where a node's programs keep things; the machine lends it the empty folders.
node_folders=(/var/lib/containerd /var/lib/kubelet /var/lib/cni /var/log/pods /var/log/containers)

kubeconfig=$state/kubeconfig
namespace=training

number_of() { echo "${1#node-}"; }
address_of() { echo "172.31.0.1$(number_of "$1")"; }
pods_of() { echo "10.244.$(number_of "$1").0/24"; }
link_of() { echo "pj-$1"; }
# Two racks: one of two nodes, one of one.
rack_of() { if [ "$1" = node-3 ]; then echo b; else echo a; fi; }

fail() {
    echo "$*" >&2
    exit 2
}
