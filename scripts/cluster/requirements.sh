# shellcheck shell=bash disable=SC2154 # settings.sh holds the names
# What the machine must have: Linux, root, a container runtime, network tools. Debian gets what is missing.

debian_packages=(containerd runc containernetworking-plugins iproute2 nftables openssl)

network_plugins() {
    local folder
    for folder in /usr/lib/cni /opt/cni/bin /usr/libexec/cni; do
        if [ -x "$folder/ptp" ] && [ -x "$folder/host-local" ] && [ -x "$folder/loopback" ]; then
            echo "$folder"
            return 0
        fi
    done
    return 1
}

missing_programs() {
    local program
    for program in containerd ctr runc ip nft openssl nsenter unshare; do
        command -v "$program" >/dev/null || echo "$program"
    done
    network_plugins >/dev/null || echo "the container network plugins"
}

require_machine() {
    if [ "$(uname -s)" != Linux ]; then
        fail "A cluster of our own needs Linux, and this is $(uname -s): set KUBECONFIG to a cluster that you have."
    fi
    if [ "$(id -u)" -ne 0 ]; then
        fail "A cluster of our own needs root for network namespaces and containers: run it as root, or set KUBECONFIG to a cluster that you have."
    fi
    local missing
    missing=$(missing_programs | paste -sd, | sed 's/,/, /g')
    if [ -z "$missing" ]; then return 0; fi
    if ! command -v apt-get >/dev/null; then
        fail "The cluster needs $missing: install containerd, runc, the CNI plugins, iproute2, nftables and openssl."
    fi
    echo "Installing ${debian_packages[*]}, for $missing." >&2
    if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${debian_packages[@]}"; } >/dev/null; then
        fail "apt-get could not install ${debian_packages[*]}: install them yourself, then try again."
    fi
    missing=$(missing_programs | paste -sd, | sed 's/,/, /g')
    if [ -n "$missing" ]; then fail "The packages ${debian_packages[*]} are installed but $missing cannot be found."; fi
}
