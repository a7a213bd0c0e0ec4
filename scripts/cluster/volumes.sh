# shellcheck shell=bash disable=SC2154 # settings.sh holds the names
# Storage that all nodes share: folders of this machine, bound to claims in the training namespace. A folder belongs to
# the pods' user, since an fsGroup is not applied to one.

# volume NAME ACCESS_MODE
volume() {
    mkdir -p "$volumes/$1"
    chown "$worker_user:$worker_user" "$volumes/$1"
    cat <<END
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: $1}
spec:
  capacity: {storage: 10Gi}
  accessModes: [$2]
  storageClassName: ""
  persistentVolumeReclaimPolicy: Retain
  claimRef: {namespace: $namespace, name: $1}
  hostPath: {path: "$volumes/$1"}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: $1, namespace: $namespace}
spec:
  accessModes: [$2]
  storageClassName: ""
  volumeName: $1
  resources: {requests: {storage: 10Gi}}
END
}

# The namespace for jobs, as strict as Kubernetes can be, and its volumes: one of them for a single node only.
make_volumes() {
    {
        cat <<END
apiVersion: v1
kind: Namespace
metadata: {name: $namespace, labels: {pod-security.kubernetes.io/enforce: restricted}}
END
        volume data ReadWriteMany
        volume checkpoints ReadWriteMany
        volume one-node ReadWriteOnce
    } | kubectl apply -f - || fail "The volumes could not be made."
}
