#!/bin/sh
# Prints the folder that holds kube-apiserver and etcd for tests, after building what is missing (once a machine).
# Taken from KUBEBUILDER_ASSETS when set; else built by Go into a cache outside the build folder, keyed by version.
set -eu
kubernetes=1.36.3
etcd=3.6.8
here=$(cd "$(dirname "$0")" && pwd)

if [ -n "${KUBEBUILDER_ASSETS:-}" ]; then
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
mkdir -p "$cache"

# build PROGRAM MODULE PACKAGE [LINKER FLAGS]: an interrupted build leaves nothing behind, two at once end with one whole file.
build() {
    if [ -x "$cache/$1" ]; then return 0; fi
    if ! command -v go >/dev/null; then
        echo "The API server for tests is not built yet and Go is not installed: install Go 1.26 or later, or set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd." >&2
        exit 2
    fi
    echo "Building $1 once into $cache (minutes; later runs take it from there)." >&2
    part=$cache/.$1.$$
    (cd "$here/$2" && CGO_ENABLED=0 nice go build -trimpath -ldflags "-s -w ${4:-}" -o "$part" "$3") >&2
    mv "$part" "$cache/$1"
}

version="-X k8s.io/component-base/version.gitVersion=v$kubernetes"
version="$version -X k8s.io/component-base/version.gitMajor=${kubernetes%%.*}"
version="$version -X k8s.io/component-base/version.gitMinor=$(echo "$kubernetes" | cut -d. -f2)"
build etcd etcd go.etcd.io/etcd/server/v3
build kube-apiserver kubernetes k8s.io/kubernetes/cmd/kube-apiserver "$version"
echo "$cache"
