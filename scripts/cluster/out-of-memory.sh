#!/usr/bin/env bash
# out-of-memory.sh PID: lets the kernel end a container's process for its memory. The container's limit is lowered to what it
# holds, somebody in it eats the rest, and the process is the one that the kernel prefers; then the limit is lifted.
set -euo pipefail

fail() {
    echo "$*" >&2
    exit 2
}

if ! [ -d "/proc/${1:-none}" ]; then fail "Say which process, such as: out-of-memory.sh 4711."; fi
spare_bytes=$((32 << 20))
group=/sys/fs/cgroup/memory$(sed -n 's/^[0-9]*:memory://p' "/proc/$1/cgroup")
limit=memory.limit_in_bytes used=memory.usage_in_bytes none=-1
if ! [ -e "$group/$limit" ]; then
    group=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$1/cgroup")
    limit=memory.max used=memory.current none=max
fi
if ! [ -e "$group/$limit" ]; then fail "Process $1 is in no group whose memory is limited."; fi

# Of the container's own processes only this one: the kernel would take the others nearly as readily.
while read -r other; do echo 0 >"/proc/$other/oom_score_adj" || true; done <"$group/cgroup.procs"
echo 1000 >"/proc/$1/oom_score_adj"
echo $(($(cat "$group/$used") + spare_bytes)) >"$group/$limit"
(
    echo "$BASHPID" >"$group/cgroup.procs"
    echo 999 >"/proc/$BASHPID/oom_score_adj"
    exec tail /dev/zero
) || true
echo "$none" >"$group/$limit"
if [ -d "/proc/$1" ] && [ "$(sed 's/.*) //' "/proc/$1/stat" | cut -c1)" != Z ]; then fail "Process $1 is alive."; fi
