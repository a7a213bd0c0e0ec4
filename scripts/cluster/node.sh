# shellcheck shell=bash disable=SC2154 # settings.sh holds the names
# What runs on a node: containerd, kubelet, kube-proxy. A node has a mount namespace of its own with the folders where
# these keep things, so all that they mount and leave there goes away with them.

write_node_files() {
    local node=$1 folder=$state/$1
    mkdir -p "$folder"/{containerd,kubelet,pods,links}
    : >"$folder/resolv.conf"
    cat >"$folder/containerd.toml" <<END
version = 2
disabled_plugins = ["io.containerd.internal.v1.opt"]
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$pause_image"
  # Root in a container or a small virtual machine may not make a process dearer to the kernel than itself.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$(network_plugins)"
    conf_dir = "$folder/cni"
END
    cat >"$folder/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $certificates/ca.crt}}
authorization: {mode: Webhook}
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
cgroupDriver: cgroupfs
cgroupRoot: /$group/$node
failCgroupV1: false
failSwapOn: false
enforceNodeAllocatable: []
clusterDNS: [$dns_service]
clusterDomain: cluster.local
resolvConf: $folder/resolv.conf
evictionHard: {memory.available: "0%", nodefs.available: "0%", imagefs.available: "0%"}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
END
    cat >"$folder/kube-proxy.yaml" <<END
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
clusterCIDR: $pod_range
hostnameOverride: $node
clientConnection: {kubeconfig: $state/proxy.kubeconfig}
conntrack: {maxPerCore: 0, min: 0}
END
}

# begin_containerd NODE [NETWORK]: the first process in the node's mount namespace.
# shellcheck disable=SC2016 # the inner shell expands
begin_containerd() {
    begin "containerd-$1" nsenter "--net=/run/netns/${2:-$1}" unshare --mount --propagation private \
        bash -c 'mount --make-rshared / && mount -t tmpfs tmpfs /run && mkdir -p /run/containerd &&
            mount --bind "$1/containerd" /var/lib/containerd && mount --bind "$1/kubelet" /var/lib/kubelet &&
            mount --bind "$1/pods" /var/log/pods && mount --bind "$1/links" /var/log/containers &&
            mount -t tmpfs tmpfs /var/lib/cni && exec containerd --config "$1/containerd.toml"' \
        containerd "$state/$1"
}

# in_node NODE COMMAND…: a command among the node's processes, with its network and its mounts.
in_node() {
    local node=$1
    shift
    nsenter --target "$(pid_of "containerd-$node")" --net --mount "$@"
}

containerd_is_ready() { in_node "$1" ctr version; }

begin_kubelet() {
    local node=$1
    begin "kubelet-$node" nsenter --target "$(pid_of "containerd-$node")" --net --mount "$state/bin/kubelet" \
        --config "$state/$node/kubelet.yaml" --kubeconfig "$state/$node/kubeconfig" \
        --hostname-override "$node" --node-ip "$(address_of "$node")" \
        --node-labels "example.com/rack=$(rack_of "$node")"
}

begin_kube-proxy() {
    begin "kube-proxy-$1" nsenter "--net=/run/netns/$1" "$state/bin/kube-proxy" --config "$state/$1/kube-proxy.yaml"
}

node_is_ready() {
    [ "$(kubectl get node "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')" = True ]
}

# Accelerators that nobody has: the scheduler counts them all the same. A kubelet that starts anew forgets them.
give_accelerators() {
    local devices="{\"nvidia.com/gpu\": \"$accelerators_a_node\"}"
    kubectl patch node "$1" --subresource status --type merge \
        -p "{\"status\": {\"capacity\": $devices, \"allocatable\": $devices}}"
}
