# shellcheck shell=bash disable=SC2154 # settings.sh holds the names
# A throw-away authority, what it signs, and the kubeconfigs made of that.

key() { openssl ecparam -name prime256v1 -genkey -noout -out "$certificates/$1.key"; }

make_authority() {
    key ca
    openssl req -x509 -new -key "$certificates/ca.key" -days 30 -subj /CN=pipelinejob-cluster \
        -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature -out "$certificates/ca.crt"
    key service-account
    openssl ec -in "$certificates/service-account.key" -pubout -out "$certificates/service-account.pub" 2>/dev/null
}

# certificate NAME SUBJECT [ALTERNATIVE NAMES]
certificate() {
    key "$1"
    openssl req -new -key "$certificates/$1.key" -subj "$2" -out "$certificates/$1.csr"
    openssl x509 -req -in "$certificates/$1.csr" -CA "$certificates/ca.crt" -CAkey "$certificates/ca.key" -days 30 \
        -extfile <(echo "extendedKeyUsage=serverAuth,clientAuth"; if [ -n "${3:-}" ]; then echo "subjectAltName=$3"; fi) \
        -out "$certificates/$1.crt" 2>/dev/null
}

# identity NAME SUBJECT FILE [NAMESPACE]: a client's certificate and its kubeconfig.
identity() {
    certificate "$1" "$2"
    cat >"$3" <<END
apiVersion: v1
kind: Config
clusters:
  - name: pipelinejob
    cluster: {server: "$api_server", certificate-authority-data: $(base64 -w0 "$certificates/ca.crt")}
users:
  - name: $1
    user: {client-certificate-data: $(base64 -w0 "$certificates/$1.crt"), client-key-data: $(base64 -w0 "$certificates/$1.key")}
contexts:
  - name: pipelinejob
    context: {cluster: pipelinejob, user: $1, namespace: ${4:-default}}
current-context: pipelinejob
END
    chmod 600 "$3"
}

make_certificates() {
    local node
    make_authority
    certificate api-server /CN=kube-apiserver \
        "IP:$bridge_address,IP:$api_service,IP:127.0.0.1,DNS:kubernetes.default.svc,DNS:kubernetes.default,DNS:kubernetes"
    certificate to-kubelets /O=system:masters/CN=kube-apiserver
    identity admin /O=system:masters/CN=admin "$kubeconfig" "$namespace"
    identity controller-manager /CN=system:kube-controller-manager "$state/controller-manager.kubeconfig"
    identity scheduler /CN=system:kube-scheduler "$state/scheduler.kubeconfig"
    identity proxy /CN=system:kube-proxy "$state/proxy.kubeconfig"
    for node in "${nodes[@]}"; do
        identity "$node" "/O=system:nodes/CN=system:node:$node" "$state/$node/kubeconfig"
    done
}
