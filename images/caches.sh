#!/usr/bin/env bash
# Adds start-up caches to what layout.sh has laid out, as layers of their own, before build.sh packs it. A cache belongs to
# one JVM and one class path, times of files included, so it is learned from the images' own files; it holds wherever
# these lie. Caches of two runs differ, and with them the images' digests: they are kept until the files change.
# They cost a training, minutes; CACHES=no leaves them out. Where it fails, images are slower to start and nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C
layers=target/images/layers
home=opt/pipelinejob
epoch=$(sed -n 's/.*<project.build.outputTimestamp>\(.*\)<\/.*/\1/p' pom.xml)
kept=$PWD/target/images/caches
if [ "${CACHES:-yes}" = no ]; then exit 0; fi

# options FILE: what an arguments file says before the class path.
options() { sed '/^-cp$/,$d' "$1" | paste -sd' '; }
class_path() { sed -n '/^-cp$/{n;p}' "$1"; }

# learn: trains with one tree of links, so that times are the layers' and places are relative to each other as there.
learn() {
    local tree=$PWD/target/images/tree layer program
    rm -rf "$kept" "$kept.key" "$tree"
    mkdir -p "$tree" "$kept"
    for layer in "$layers"/*/; do cp -al "$layer." "$tree"; done
    tree=$tree/$home
    for program in operator worker; do sed "s#/$home#$tree#g" "$tree/$program.arguments" >"$kept/$program.arguments"; done
    program="$tree/runtime/bin/java @$kept/operator.arguments"
    RUN="$program -Dpipelinejob.worker.classpath=$(class_path "$kept/worker.arguments") dev.pipelinejob.operator.cli.Main" \
        PIPELINEJOB_SUPERVISOR_OPTIONS=$(options "$kept/worker.arguments") \
        JAVA=$tree/runtime/bin/java WORKER_CACHES=$kept scripts/aot/train.sh || echo "The worker's image goes without start-up caches." >&2
    RUN="$program dev.pipelinejob.operator.cli.Main" JAVA=$tree/runtime/bin/java CACHE=$kept/operator.aot scripts/aot/controller.sh ||
        echo "The operator's image goes without a start-up cache." >&2
    rm -rf target/images/tree "$kept"/*.arguments
}

# add PROGRAM CACHE...: puts caches into a layer, and has the program read the first; nothing where that is missing.
add() {
    local program=$1 folder=$layers/$1-caches/$home arguments=$layers/$1-program/$home/$1.arguments cache
    shift
    for cache in "$@"; do if [ ! -f "$kept/$cache.aot" ]; then return 0; fi; done
    mkdir -p "$folder/aot"
    for cache in "$@"; do cp "$kept/$cache.aot" "$folder/aot"; done
    # One that does not fit, on another kind of processor for example, is passed over without a word.
    printf '%s\n' "-XX:AOTCache=/$home/aot/$1.aot" '-Xlog:aot*=off,cds*=off' | cat - "$arguments" >"$arguments.new"
    mv "$arguments.new" "$arguments"
    chmod -R u=rwX,go=rX "$layers/$program-caches" "$arguments"
    find "$layers/$program-caches" "$layers/$program-program" -exec touch --no-dereference --date="$epoch" {} +
}

key=$({
    find "$layers" -type f -printf '%P\0' | sort -z | (cd "$layers" && xargs -0 sha256sum)
    cat scripts/aot/*.sh images/caches.sh
    scripts/control-plane/build.sh built || true
} | sha256sum)
if [ "$(cat "$kept.key" 2>/dev/null)" != "$key" ]; then
    learn
    # What could not be learned is tried again the next time.
    if [ -f "$kept/operator.aot" ] && [ -f "$kept/supervisor.aot" ] && [ -f "$kept/engine.aot" ]; then echo "$key" >"$kept.key"; fi
fi
add operator operator
add worker supervisor engine
