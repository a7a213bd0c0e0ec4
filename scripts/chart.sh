#!/usr/bin/env bash
# Holds the chart against helm's own checks, its golden cases (helm/cases), the definitions and values that it must
# refuse. With the argument `update` it writes what the cases give instead of comparing.
set -euo pipefail
cd "$(dirname "$0")/.."
chart=helm/pipelinejob
helm=${HELM:-$(scripts/control-plane/build.sh cluster)/helm}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0

# render [ARGUMENT…]
render() { "$helm" template pipelinejob "$chart" --namespace pipelinejob-system --kube-version 1.36.0 "$@"; }

for case in helm/cases/*/; do
    "$helm" lint --strict --quiet "$chart" --values "$case/in-values.yaml"
    # The definitions are compared below, and would hide the rest here. The dashboard is the file that lies in the chart.
    render --values "$case/in-values.yaml" --set crds.install=false | sed '/^  pipelinejob.json: |-$/,/^---$/{/^    /d}' >"$out/manifests.yaml"
    if [ "${1:-}" = update ]; then
        cp "$out/manifests.yaml" "$case/out-manifests.yaml"
    elif ! diff -u "$case/out-manifests.yaml" "$out/manifests.yaml"; then
        echo "$case does not give what it gave: if this is meant, run  scripts/chart.sh update" >&2
        failed=1
    fi
done

# What is installed is what crds/yaml says, with Helm's labels and the wish to be kept.
render --show-only templates/definitions.yaml | grep -v '^#' >"$out/definitions.yaml"
for definition in crds/yaml/*.yaml; do
    name=$(basename "$definition" .yaml)
    # The one document of this name, and the same without what the chart adds.
    awk -v RS='---\n' -v ORS= -v name="\n  name: \"$name\"\n" 'index($0, name)' "$out/definitions.yaml" >"$out/installed.yaml"
    sed '/^  annotations:$/,/^  name:/{/^  name:/!d}' "$out/installed.yaml" >"$out/plain.yaml"
    if ! grep -q '^    helm.sh/resource-policy: keep$' "$out/installed.yaml"; then
        echo "The definition $name would be deleted with the release, and all jobs with it." >&2
        failed=1
    fi
    if ! diff -u --ignore-blank-lines <(grep -v '^#\|^---$' "$definition") "$out/plain.yaml"; then
        echo "The chart would not install $definition as it stands." >&2
        failed=1
    fi
done

# refused WORDS ARGUMENT…: the schema says so, in these words.
refused() {
    local words=$1 output
    shift
    if output=$(render "$@" 2>&1); then
        echo "The chart takes $*, but should refuse it." >&2
        failed=1
    elif ! grep -q "$words" <<<"$output"; then
        echo "The chart refuses $*, but does not say $words: $output" >&2
        failed=1
    fi
}
refused replica --set operator.replica=2
refused replicas --set operator.replicas=two
refused image --set operator.image=
refused namespaces --set 'namespaces={Team_A}'
refused port --set control.port=80
refused imagePullPolicy --set operator.imagePullPolicy=Sometimes
refused extraEnv --set operator.extraEnv.A=b
refused networkPolicy.workers.namespaces --set networkPolicy.workers.enabled=true

if [ "$failed" -eq 0 ]; then echo "The chart's cases, definitions and refusals hold."; fi
exit "$failed"
