#!/usr/bin/env bash
# Makes target/images/operator.tar and target/images/worker.tar from scratch, without a container engine or a registry:
# archives that docker, podman, containerd, kind, minikube and crane load. Equal inputs give equal digests.
# TAG (dev) may be set.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C
images/layout.sh
images/caches.sh
tag=${TAG:-dev}
epoch=$(sed -n 's/.*<project.build.outputTimestamp>\(.*\)<\/.*/\1/p' pom.xml)
version=$(sed -n 's/^  <version>\(.*\)<\/version>/\1/p' pom.xml)
out=target/images
archives=$out/archives
rm -rf "$archives"
mkdir -p "$archives"

# pack FOLDER TAR: the same bytes for the same content, whoever packs it and when.
pack() {
    (cd "$1" && tar --create --sort=name --mtime="$epoch" --owner=0 --group=0 --numeric-owner --format=gnu --file=- -- *) >"$2"
}

# layer NAME: packs it under its digest, which it prints; once, also when both images have it.
layer() {
    local part=$archives/$1.part digest
    if [ ! -f "$archives/$1.digest" ]; then
        pack "$out/layers/$1" "$part"
        digest=$(sha256sum "$part" | cut -d' ' -f1)
        mv "$part" "$archives/$digest.tar"
        echo "$digest" >"$archives/$1.digest"
    fi
    cat "$archives/$1.digest"
}

# list FORMAT ITEM...: the items as members of a JSON array.
list() {
    local format=$1 items
    shift
    # shellcheck disable=SC2059 # the format is this script's own
    items=$(printf "$format," "$@")
    echo "[${items%,}]"
}

# image NAME COMMAND LAYER...: writes NAME.tar; its entry point is the program's java, COMMAND what it runs.
image() {
    local name=$1 command=$2 digests=() entry file digest
    shift 2
    for file in "$@"; do
        digest=$(layer "$file")
        digests+=("$digest")
    done
    entry="\"/opt/pipelinejob/runtime/bin/java\",\"@/opt/pipelinejob/$name.arguments\",\"dev.pipelinejob.${command% *}\""
    cat >"$archives/config.json" <<JSON
{
  "architecture": "amd64",
  "os": "linux",
  "created": "$epoch",
  "config": {
    "User": "65532:65532",
    "WorkingDir": "/",
    "Env": ["LANG=C.UTF-8", "PATH=/opt/pipelinejob/runtime/bin"],
    "Entrypoint": [$entry],
    "Cmd": ["${command#* }"],
    "Labels": {
      "org.opencontainers.image.title": "pipelinejob/$name",
      "org.opencontainers.image.version": "$version",
      "org.opencontainers.image.licenses": "Apache-2.0"
    }
  },
  "rootfs": {"type": "layers", "diff_ids": $(list '"sha256:%s"' "${digests[@]}")},
  "history": $(list "{\"created\": \"$epoch\", \"created_by\": \"images/build.sh %s\"}" "$@")
}
JSON
    digest=$(sha256sum "$archives/config.json" | cut -d' ' -f1)
    mkdir "$archives/$name"
    mv "$archives/config.json" "$archives/$name/$digest.json"
    echo "[{\"Config\": \"$digest.json\", \"RepoTags\": [\"pipelinejob/$name:$tag\"], \"Layers\": $(list '"%s.tar"' "${digests[@]}")}]" \
        >"$archives/$name/manifest.json"
    for file in "${digests[@]}"; do
        ln "$archives/$file.tar" "$archives/$name/$file.tar"
    done
    pack "$archives/$name" "$out/$name.tar.part"
    mv "$out/$name.tar.part" "$out/$name.tar"
    echo "pipelinejob/$name:$tag in $out/$name.tar, $(du -m "$out/$name.tar" | cut -f1) MB, id sha256:$digest"
}

# caches NAME: the layer of start-up caches, when there is one.
caches() { if [ -d "$out/layers/$1-caches" ]; then echo "$1-caches"; fi; }

# What changes least comes first.
# shellcheck disable=SC2046 # none or one word
image operator 'operator.cli.Main controller' system operator-libraries $(caches operator) operator-program
image worker 'worker.Main supervisor' system worker-torch worker-libraries $(caches worker) worker-program
rm -rf "$archives"
