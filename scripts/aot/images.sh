#!/usr/bin/env bash
# Adds start-up caches to what images/layout.sh has laid out, before images/build.sh packs it. A cache belongs to one JVM
# and one class path, times of files included, so it is made with the images' own files at the images' own place: a
# namespace shows them under /opt/pipelinejob. Caches of two runs differ, and with them the images' digests.
set -euo pipefail
cd "$(dirname "$0")/../.."
layers=target/images/layers
home=opt/pipelinejob
epoch=$(sed -n 's/.*<project.build.outputTimestamp>\(.*\)<\/.*/\1/p' pom.xml)

# One folder with all that both images hold there; links, so that times are the layers'.
merged=$PWD/target/images/merged
rm -rf "$merged"
mkdir "$merged"
for layer in system operator-libraries operator-program worker-torch worker-libraries worker-program; do
    cp -al "$layers/$layer/$home/." "$merged"
done

# options FILE: what an arguments file says before the class path.
options() { sed '/^-cp$/,$d' "$1" | tr '\n' ' '; }
class_path() { sed -n '/^-cp$/{n;p}' "$1"; }
export RUN="/$home/runtime/bin/java @/$home/operator.arguments \
    -Dpipelinejob.worker.classpath=$(class_path "$merged/worker.arguments") \
    -Dpipelinejob.worker.cache=/$home/aot/supervisor.aot dev.pipelinejob.operator.cli.Main"
JAVA=/$home/runtime/bin/java
DRIVER_CACHE=/$home/aot/operator.aot
WORKER_CACHES=/$home/aot
PIPELINEJOB_SUPERVISOR_OPTIONS=$(options "$merged/worker.arguments")
export JAVA DRIVER_CACHE WORKER_CACHES PIPELINEJOB_SUPERVISOR_OPTIONS
# shellcheck disable=SC2016 # for the inner shell
unshare --map-root-user --mount bash -c '
    mount -t tmpfs tmpfs /opt
    mkdir "/$1"
    mount --bind "$2" "/$1"
    exec scripts/aot/train.sh' train "$home" "$merged"

# add LAYER ARGUMENTS CACHE OTHER...: puts caches into a layer, and has the program read the first.
add() {
    local layer=$layers/$1/$home arguments=$2 cache=$3 file
    shift 2
    mkdir -p "$layer/aot"
    for file in "$@"; do cp "$merged/aot/$file" "$layer/aot"; done
    printf '%s\n' "-XX:AOTCache=/$home/aot/$cache" '-Xlog:aot*=off,cds*=off' | cat - "$layer/$arguments" >"$layer/$arguments.new"
    mv "$layer/$arguments.new" "$layer/$arguments"
    chmod -R u=rwX,go=rX "$layer/aot" "$layer/$arguments"
    find "$layer" -exec touch --no-dereference --date="$epoch" {} +
}
add operator-program operator.arguments operator.aot
add worker-program worker.arguments supervisor.aot engine.aot
rm -rf "$merged"
