#!/usr/bin/env bash
# Runs what target/images holds as a cluster would: nothing but the images' files, no root, a read-only file system.
# Plans a job, and measures its model with the worker's libtorch. Needs root for chroot.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "$(id -u)" -ne 0 ]; then
    echo "Checking the images changes the root folder, which needs root: run it with sudo." >&2
    exit 2
fi
root=$(mktemp -d)
chmod 755 "$root"
trap 'rm -rf "$root"' EXIT
for image in operator worker; do
    mkdir "$root.$image"
    tar -xf "target/images/$image.tar" -C "$root.$image"
    grep -o '[0-9a-f]*\.tar' "$root.$image/manifest.json" | while read -r layer; do
        echo "${layer%.tar}  $root.$image/$layer" | sha256sum --check --quiet
        tar -xf "$root.$image/$layer" -C "$root"
    done
    rm -rf "$root.$image"
done

cat >"$root/job.yaml" <<'YAML'
apiVersion: pipelinejob.dev/v1alpha1
kind: PipelineJob
metadata: {name: from-images}
spec:
  model: {catalogue: {gpt: {layers: 2, width: 16, heads: 2, contextLength: 8, vocabularySize: 256}}}
  data: {text: {path: corpus}}
  training: {steps: 5, batchSize: 4, microBatches: 2, optimizer: {adamW: {learningRate: "1e-3"}}}
  pipeline: {stages: {max: 2}}
YAML
chmod a+r "$root/job.yaml"

# inside COMMAND...: as uid 65532 in the images' files, of which only /tmp can be written.
inside() {
    # shellcheck disable=SC2016 # for the inner shell
    unshare --mount --pid --fork bash -c '
        root=$1; shift
        mount --bind "$root" "$root"
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        mount -t tmpfs -o mode=1777,nosuid,nodev,noexec tmpfs "$root/tmp"
        mount -o remount,bind,ro "$root"
        exec env -i LANG=C.UTF-8 "$(command -v setpriv)" --no-new-privs \
            "$(command -v chroot)" --userspec=65532:65532 "$root" "$@"' inside "$root" "$@"
}
java() { inside /opt/pipelinejob/runtime/bin/java "@/opt/pipelinejob/$1.arguments" "${@:2}"; }

# That a start-up cache is there and is used: with this mode a JVM ends that cannot use it.
for program in operator worker; do
    if grep -q AOTCache "$root/opt/pipelinejob/$program.arguments"; then
        java "$program" -XX:AOTMode=on -Xlog:aot=info --version >"$root/$program.log"
        grep -m 1 'Using AOT-linked classes: true' "$root/$program.log"
    fi
done
# The planner; then libtorch, measuring every layer of the job's model in the worker's processes.
worker=$(sed -n '/^-cp$/{n;p}' "$root/opt/pipelinejob/worker.arguments")
java operator dev.pipelinejob.operator.cli.Main plan /job.yaml
java operator -Dpipelinejob.worker.classpath="$worker" -Dpipelinejob.worker.flags="-Djava.library.path=/opt/pipelinejob/native" \
    dev.pipelinejob.operator.cli.Main profile /job.yaml --output /tmp/graph.json
# What a pod says that is told nothing.
if java worker dev.pipelinejob.worker.Main supervisor; then
    echo "A supervisor without an environment should not run." >&2
    exit 1
fi
echo "The images hold what their programs need."
