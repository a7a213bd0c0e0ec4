# shellcheck shell=bash disable=SC2154 # settings.sh holds the names
# One network namespace a node, all on one bridge. Pods are routed, each over a link of its own, so that every packet
# between two of them passes its node's forward hook, where services are translated and faults are injected.

inside() {
    local node=$1
    shift
    nsenter "--net=/run/netns/$node" "$@"
}

make_bridge() {
    ip link add "$bridge" type bridge
    ip address add "$bridge_address/16" dev "$bridge"
    ip link set "$bridge" up
}

make_node_network() {
    local node=$1 link other
    link=$(link_of "$node")
    ip netns add "$node"
    ip link add "$link" type veth peer name eth0 netns "$node"
    ip link set "$link" master "$bridge" up
    inside "$node" ip link set lo up
    inside "$node" ip address add "$(address_of "$node")/16" dev eth0
    inside "$node" ip link set eth0 up
    inside "$node" ip route add default via "$bridge_address"
    inside "$node" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
    for other in "${nodes[@]}"; do
        if [ "$other" != "$node" ]; then inside "$node" ip route add "$(pods_of "$other")" via "$(address_of "$other")"; fi
    done
    ip route add "$(pods_of "$node")" via "$(address_of "$node")"
}

write_pod_network() {
    mkdir -p "$state/$1/cni"
    cat >"$state/$1/cni/pods.conflist" <<END
{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "ptp", "ipam": {"type": "host-local", "ranges": [[{"subnet": "$(pods_of "$1")"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
END
}

make_network() {
    local node
    make_bridge
    for node in "${nodes[@]}"; do
        make_node_network "$node"
        write_pod_network "$node"
    done
}

remove_network() {
    local node
    for node in "${nodes[@]}"; do
        ip link delete "$(link_of "$node")" 2>/dev/null || true
        ip netns delete "$node" 2>/dev/null || true
    done
    ip link delete "$bridge" 2>/dev/null || true
}
