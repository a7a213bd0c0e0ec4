# shellcheck shell=bash disable=SC2154 # settings.sh holds the names
# The control plane's processes, each begun by a function begin_<name>.

begin_etcd() {
    begin etcd "$state/bin/etcd" --data-dir "$state/etcd" --unsafe-no-fsync --log-level error \
        --listen-client-urls "$etcd_client" --advertise-client-urls "$etcd_client" \
        --listen-peer-urls "$etcd_peer" --initial-advertise-peer-urls "$etcd_peer" --initial-cluster "default=$etcd_peer"
}

begin_kube-apiserver() {
    begin kube-apiserver "$state/bin/kube-apiserver" --etcd-servers "$etcd_client" --allow-privileged \
        --bind-address "$bridge_address" --advertise-address "$bridge_address" --secure-port 6443 \
        --service-cluster-ip-range "$service_range" --authorization-mode Node,RBAC \
        --enable-admission-plugins NodeRestriction \
        --client-ca-file "$certificates/ca.crt" \
        --tls-cert-file "$certificates/api-server.crt" --tls-private-key-file "$certificates/api-server.key" \
        --kubelet-client-certificate "$certificates/to-kubelets.crt" \
        --kubelet-client-key "$certificates/to-kubelets.key" --kubelet-preferred-address-types InternalIP \
        --service-account-issuer https://kubernetes.default.svc \
        --service-account-key-file "$certificates/service-account.pub" \
        --service-account-signing-key-file "$certificates/service-account.key"
}

# How often the control plane's own clients may call: enough for jobs of a thousand pods.
limits=(--kube-api-qps 1000 --kube-api-burst 1000)

# A node that is cut off is NotReady after 16 s without a lease, instead of 50. NODE_GRACE may be set.
begin_kube-controller-manager() {
    begin kube-controller-manager "$state/bin/kube-controller-manager" \
        --kubeconfig "$state/controller-manager.kubeconfig" --leader-elect=false --secure-port 0 \
        --use-service-account-credentials --root-ca-file "$certificates/ca.crt" \
        --service-account-private-key-file "$certificates/service-account.key" --node-monitor-grace-period "${NODE_GRACE:-16s}" \
        "${limits[@]}"
}

begin_kube-scheduler() {
    begin kube-scheduler "$state/bin/kube-scheduler" --kubeconfig "$state/scheduler.kubeconfig" --leader-elect=false \
        --secure-port 0 "${limits[@]}"
}

kubectl() { "$state/bin/kubectl" --kubeconfig "$kubeconfig" "$@"; }

api_server_is_ready() { kubectl get --raw /readyz; }

# Nobody resolves names here. A service without endpoints refuses at once who tries; without it packets are dropped, and
# each look-up takes half a minute.
refuse_names() {
    kubectl apply -f - <<END
apiVersion: v1
kind: Service
metadata: {name: kube-dns, namespace: kube-system}
spec:
  clusterIP: $dns_service
  ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53, protocol: TCP}]
END
}
