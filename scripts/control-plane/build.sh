#!/bin/sh
# Prints the folder that holds kube-apiserver and etcd for tests, after building what is missing (once a machine).
# Taken from KUBEBUILDER_ASSETS when set; else built by Go into a cache outside the build folder, keyed by version.
# With the argument `cluster`, the folder holds all programs of a whole cluster, and KUBEBUILDER_ASSETS is not asked.
# With the argument `built`, nothing is built: where a program is missing, it says nothing and exits 1.
set -eu
kubernetes=1.36.3
etcd=3.6.8
helm=4.2.4
kwok=0.8.0
here=$(cd "$(dirname "$0")" && pwd)

if [ -n "${KUBEBUILDER_ASSETS:-}" ] && [ "${1:-}" != cluster ]; then
    for program in kube-apiserver etcd; do
        if [ ! -x "$KUBEBUILDER_ASSETS/$program" ]; then
            echo "KUBEBUILDER_ASSETS is $KUBEBUILDER_ASSETS but holds no program $program: point it at a folder with kube-apiserver and etcd, or unset it." >&2
            exit 2
        fi
    done
    echo "$KUBEBUILDER_ASSETS"
    exit 0
fi

cache=${XDG_CACHE_HOME:-$HOME/.cache}/pipelinejob/control-plane/$kubernetes-etcd-$etcd
if [ "${1:-}" = built ]; then
    if [ ! -x "$cache/etcd" ] || [ ! -x "$cache/kube-apiserver" ]; then exit 1; fi
    echo "$cache"
    exit 0
fi
mkdir -p "$cache"

require_go() {
    if ! command -v go >/dev/null; then
        echo "The program $1 for tests is not built yet and Go is not installed: install Go 1.26 or later, or set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd." >&2
        exit 2
    fi
    echo "Building $1 once into $cache (minutes; later runs take it from there)." >&2
}

# build PROGRAM MODULE PACKAGE [LINKER FLAGS]: an interrupted build leaves nothing behind, two at once end with one whole file.
build() {
    if [ -x "$cache/$1" ]; then return 0; fi
    require_go "$1"
    part=$cache/.$1.$$
    (cd "$here/$2" && CGO_ENABLED=0 nice go build -trimpath -ldflags "-s -w ${4:-}" -o "$part" "$3") >&2
    mv "$part" "$cache/$1"
}

# tool PROGRAM VERSION PACKAGE: a program that is a module of its own. Its name in the folder means that version.
tool() {
    if [ ! -x "$cache/$1-$2" ]; then
        require_go "$1"
        part=$cache/.$1.$$
        (cd "$cache" && GOBIN=$part CGO_ENABLED=0 nice go install -trimpath -ldflags "-s -w" "$3@v$2") >&2
        mv "$part/$1" "$cache/$1-$2"
        rmdir "$part"
    fi
    ln -sfn "$1-$2" "$cache/$1"
}

version="-X k8s.io/component-base/version.gitVersion=v$kubernetes"
version="$version -X k8s.io/component-base/version.gitMajor=${kubernetes%%.*}"
version="$version -X k8s.io/component-base/version.gitMinor=$(echo "$kubernetes" | cut -d. -f2)"
build etcd etcd go.etcd.io/etcd/server/v3
build kube-apiserver kubernetes k8s.io/kubernetes/cmd/kube-apiserver "$version"
if [ "${1:-}" = cluster ]; then
    for program in kubectl kube-controller-manager kube-scheduler kubelet kube-proxy; do
        build "$program" kubernetes "k8s.io/kubernetes/cmd/$program" "$version"
    done
    tool helm "$helm" helm.sh/helm/v4/cmd/helm
    tool kwok "$kwok" sigs.k8s.io/kwok/cmd/kwok
fi
echo "$cache"
