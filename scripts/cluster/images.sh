# shellcheck shell=bash disable=SC2154,SC2034 # settings.sh holds the names; others use what stands here
# Images come from files: no registry. The pods' sandbox and the harness's own tests use one program, built here.

pause_image=docker.io/pipelinejob/pause:1

# Writes an image of one static program as an archive that containerd imports; the same bytes for the same program.
build_pause() {
    local archive=$state/images/pause.tar work=$state/images/pause layer
    mkdir -p "$work"
    (cd "$scripts/pause" && CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$work/pause" .) ||
        fail "The pods' pause image could not be built with $(go version 2>&1 | head -1)."
    tar -C "$work" --owner=0 --group=0 --mtime=@0 -cf "$work/layer.tar" pause
    layer=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
    echo "{\"architecture\": \"$(go env GOARCH)\", \"os\": \"linux\", \"config\": {\"Entrypoint\": [\"/pause\"], \"User\": \"$worker_user\"}, \"rootfs\": {\"type\": \"layers\", \"diff_ids\": [\"sha256:$layer\"]}}" >"$work/config.json"
    echo "[{\"Config\": \"config.json\", \"RepoTags\": [\"$pause_image\"], \"Layers\": [\"layer.tar\"]}]" >"$work/manifest.json"
    tar -C "$work" -cf "$archive" manifest.json config.json layer.tar
}

# All archives: our own, and those of the operator and its workers when they are built.
archives() {
    local archive
    for archive in "$state"/images/pause.tar "$checkout"/target/images/*.tar; do
        if [ -f "$archive" ]; then echo "$archive"; fi
    done
}

# A line that is another one as soon as any image is: archives name their layers by content.
image_contents() {
    local archive
    sha256sum <"$state/images/pause/pause"
    for archive in $(archives); do tar -xOf "$archive" manifest.json; done
}

# What containerd holds after importing the archives, kept until one of them changes: importing takes a minute, and a
# node's start must not.
stock_images() {
    local key archive
    key=$(image_contents)
    if [ -f "$stock/key" ] && [ "$(cat "$stock/key")" = "$key" ]; then return 0; fi
    rm -rf "$stock"
    mkdir -p "$state/stock" "$stock"
    write_node_files stock
    begin_containerd stock "${nodes[0]}"
    await 20 "containerd answers" containerd_is_ready stock
    for archive in $(archives); do
        in_node stock ctr --namespace k8s.io images import "$archive" >>"$logs/images.log" 2>&1 ||
            fail "The image $archive could not be imported; $logs/images.log says why."
    done
    end containerd-stock
    mv "$state/stock/containerd" "$stock/containerd"
    echo "$key" >"$stock/key"
}

# give_images NODE: files that nobody changes are shared with the stock, databases are copied.
give_images() {
    local database
    rm -rf "$state/$1/containerd"
    cp --archive --link "$stock/containerd" "$state/$1/containerd"
    (cd "$stock/containerd" && find . -name '*.db') | while read -r database; do
        cp --remove-destination "$stock/containerd/$database" "$state/$1/containerd/$database"
    done
}
