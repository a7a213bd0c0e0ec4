#!/usr/bin/env bash
# How fast processes start, with the start-up caches of scripts/aot/train.sh and without, in turns: from the command to
# the first step, and from the death of a supervisor, and of an engine with a standby, to the next step.
# ROUNDS (3) pairs of runs; needs `make build` and scripts/aot/train.sh. Prints a row a run, and medians with their range:
# seconds, and processor seconds of the driver, all supervisors and all engines until the first step, which a machine that
# does other things as well hardly changes.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${ROUNDS:-3}
limit_seconds=300
work=$(mktemp -d)
caches=(operator/target/aot worker-image/target/aot)
# Without a cache means with what a JDK has of its own, which the flag that turns caches off would take away as well.
aside() { local folder; for folder in "${caches[@]}"; do if [ -d "$folder" ]; then mv "$folder" "$folder.aside"; fi; done; }
back() { local folder; for folder in "${caches[@]}"; do if [ -d "$folder.aside" ]; then mv "$folder.aside" "$folder"; fi; done; }
trap 'back; rm -rf "$work"' EXIT
ticks=$(getconf CLK_TCK)

head -c 200000 <(cat docs/*.md docs/*/*.md) >"$work/corpus"
sed "s|path: .*|path: $work/corpus|; s|steps: .*|steps: 100000|" examples/char-gpt.yaml >"$work/job.yaml"

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", b - a}'; }
epoch() { date -d "$1" +%s.%N; }

# await COMMAND...: until it succeeds.
await() {
    local deadline=$((SECONDS + limit_seconds))
    until "$@"; do
        if [ $SECONDS -ge $deadline ]; then
            echo "Waited $limit_seconds s in vain for: $*" >&2
            tail -5 "$work/out" >&2
            exit 1
        fi
        sleep 0.02
    done
}
field() { sed -n "s/^ *\"$1\" : \"\{0,1\}\([^\",]*\)\"\{0,1\},*$/\1/p" "$dir/status.json" | sed -n "$2p"; }
standbys() { [ "$(grep -c '"standby" : true' "$dir/status.json" 2>/dev/null)" = 3 ]; }
recovered() { [ "$(grep -c '"firstStepAt"' <(sed -n '/"recoveries"/,$p' "$dir/status.json"))" -ge "$1" ]; }

# cpu PID...: processor seconds of these so far.
cpu() {
    local pid
    for pid in "$@"; do cat "/proc/$pid/stat" 2>/dev/null || true; done |
        awk -v h="$ticks" '{sum += $14 + $15} END {printf "%.2f", sum / h}'
}
children() { for pid in "$@"; do pgrep -P "$pid" || true; done | tr '\n' ' '; }

# recovery N: the stations of the n-th recovery, from the kill.
recovery() {
    local at=$1 number=$2 station part
    part=$(sed -n '/"recoveries"/,$p' "$dir/status.json")
    for station in detectedAt enginesUpAt readyAt firstStepAt; do
        printf ' %s' "$(since "$at" "$(epoch "$(sed -n "s/.*\"$station\" : \"\(.*\)\".*/\1/p" <<<"$part" | sed -n "${number}p")")")"
    done
}

# run MODE: one run; prints its figures.
run() {
    dir=$work/run.$1.$RANDOM
    local driver start address first supervisors engines kill
    if [ "$1" = without ]; then aside; fi
    start=$(now)
    ./pipelinejob run "$work/job.yaml" --dir "$dir" >"$work/out" 2>&1 &
    driver=$!
    await test -e "$dir/private/address"
    address=$(now)
    await test -s "$dir/checkpoints/loss/attempt-1.csv"
    first=$(now)
    supervisors=$(children "$driver")
    # shellcheck disable=SC2086 # words
    engines=$(children $supervisors)
    # shellcheck disable=SC2086 # words
    printf '%s %s %s %s %s %s' "$1" "$(since "$start" "$address")" "$(since "$start" "$first")" \
        "$(cpu "$driver")" "$(cpu $supervisors)" "$(cpu $engines)"
    await standbys
    kill=$(now)
    kill -KILL "$(field supervisorPid 2)"
    await recovered 1
    recovery "$kill" 1
    await standbys
    kill=$(now)
    kill -KILL "$(field pid 2)"
    await recovered 2
    recovery "$kill" 2
    echo
    kill -TERM "$driver"
    wait "$driver" || true
    back
}

columns='caches driver-up first-step cpu:driver cpu:supervisors cpu:engines supervisor:detected :engines-up :loaded :next-step engine:detected :engines-up :loaded :next-step'
echo "$columns"
for ((round = 1; round <= rounds; round++)); do
    run with
    run without
done | tee "$work/rows"
echo
for mode in with without; do
    echo "$mode: median (least - most of $rounds)"
    for ((column = 2; column <= 14; column++)); do
        printf '  %-22s %s\n' "$(cut -d' ' -f$column <<<"$columns")" "$(grep "^$mode " "$work/rows" | cut -d' ' -f$column | sort -n |
            awk '{v[NR] = $1} END {printf "%s (%s - %s)", v[int((NR + 1) / 2)], v[1], v[NR]}')"
    done
done
