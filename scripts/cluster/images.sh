# shellcheck shell=bash disable=SC2154,SC2034 # settings.sh holds the names; others use what stands here
# Images come from files: no registry. The pods' sandbox and the harness's own tests use one program, built here.

pause_image=docker.io/pipelinejob/pause:1

# Writes an image of one static program as an archive that containerd imports.
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

# import_images NODE [ARCHIVE…]: all that are built, when none is named.
import_images() {
    local node=$1 archive
    shift
    if [ $# -eq 0 ]; then set -- "$checkout"/target/images/*.tar; fi
    for archive in "$@"; do
        if [ -f "$archive" ]; then
            in_node "$node" ctr --namespace k8s.io images import --no-unpack=false "$archive" >>"$logs/images-$node.log" 2>&1 ||
                fail "The image $archive could not be imported on $node; $logs/images-$node.log says why."
        fi
    done
}
