# shellcheck shell=bash disable=SC2154 # settings.sh holds the names
# Starts processes that outlive us, each with a pid file and a log, all below one control group, so that none is lost.

hierarchies() { awk '{ for (i = 7; i <= NF; i++) if ($i == "-") { type = $(i + 1) } if (type ~ /^cgroup2?$/) print $5 }' /proc/self/mountinfo; }

# The hierarchy whose groups tell which processes are ours.
tracking_hierarchy() {
    if [ -d /sys/fs/cgroup/pids ]; then echo /sys/fs/cgroup/pids; else echo /sys/fs/cgroup; fi
}

require_own_cluster() {
    local owner
    if [ ! -d "$(tracking_hierarchy)/$group" ] || [ ! -e "$owner_file" ]; then return 0; fi
    owner=$(cat "$owner_file")
    if [ "$owner" != "$checkout" ]; then
        fail "The cluster on this machine belongs to $owner: stop it there with 'make cluster-stop', or use it by KUBECONFIG=$owner/target/cluster/kubeconfig."
    fi
}

make_groups() {
    local hierarchy node
    for hierarchy in $(hierarchies); do
        for node in "${nodes[@]}"; do mkdir -p "$hierarchy/$group/$node"; done
    done
    mkdir -p "$(tracking_hierarchy)/$group/programs"
    # As one group, all pods together would count as a single process beside the others of a busy machine.
    echo 8192 2>/dev/null >"/sys/fs/cgroup/cpu/$group/cpu.shares" || echo 800 2>/dev/null >"/sys/fs/cgroup/$group/cpu.weight" || true
}

# When a process began, in clock ticks: tells it from a later one with the same number.
began() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# begin NAME COMMAND…
begin() {
    local name=$1
    shift
    if is_alive "$name"; then fail "$name is running already."; fi
    (
        echo "$BASHPID" >"$(tracking_hierarchy)/$group/programs/cgroup.procs"
        exec setsid "$@" </dev/null >>"$logs/$name.log" 2>&1
    ) &
    echo "$! $(began "$!")" >"$pids/$name"
}

is_alive() {
    local pid since
    read -r pid since 2>/dev/null <"$pids/$1" || return 1
    [ -n "$since" ] && [ "$(began "$pid")" = "$since" ] && [ "$(sed 's/.*) //' "/proc/$pid/stat" | cut -c1)" != Z ]
}

pid_of() {
    is_alive "$1" || fail "$1 is not running; its log is $logs/$1.log."
    cut -d' ' -f1 "$pids/$1"
}

# await SECONDS WHAT COMMAND…: until the command succeeds.
await() {
    local seconds=$1 what=$2
    shift 2
    local end=$((SECONDS + seconds))
    until "$@" >/dev/null 2>&1; do
        if [ "$SECONDS" -ge "$end" ]; then fail "Not within $seconds s: $what. The logs are in $logs."; fi
        sleep 0.1
    done
}

is_gone() { ! is_alive "$1"; }

# end NAME [SIGNAL]: answers when the process is gone.
end() {
    if ! is_alive "$1"; then return 0; fi
    kill "-${2:-TERM}" "$(pid_of "$1")"
    await 15 "$1 ends" is_gone "$1"
}

our_pids() { find "$(tracking_hierarchy)/$group" -name cgroup.procs -exec cat {} + 2>/dev/null || true; }

# Ends everything below our control group, containers included; what is new since the last look, too.
end_everything() {
    local end=$((SECONDS + 20)) left
    left=$(our_pids)
    while [ -n "$left" ]; do
        # shellcheck disable=SC2086 # a list of numbers
        kill -KILL $left 2>/dev/null || true
        if [ "$SECONDS" -ge "$end" ]; then fail "Processes $(echo "$left" | paste -sd' ') of the cluster do not end after SIGKILL."; fi
        sleep 0.1
        left=$(our_pids)
    done
}

remove_groups() {
    local hierarchy
    for hierarchy in $(hierarchies); do
        if [ -d "$hierarchy/$group" ]; then find "$hierarchy/$group" -depth -type d -exec rmdir {} +; fi
    done
}
