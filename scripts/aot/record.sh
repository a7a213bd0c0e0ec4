# shellcheck shell=bash disable=SC2154 # who reads this sets work and JAVA
# How a start-up cache comes to be: a process is started with the options of `record`, remembered while it runs, and its
# record is made into a cache when it has ended.

# record ROLE OPTION...: the options with which a process records. Each under its own process id: a JVM empties the file
# that it is to record into as it starts.
record() { echo "-XX:AOTMode=record -XX:AOTConfiguration=$work/$1-%p.conf" "${@:2}"; }

# remember ROLE PID: the options of a process that runs, and where it writes its record.
remember() {
    tr '\0' '\n' <"/proc/$2/cmdline" >"$work/$1.line"
    echo "$work/$1-pid$2.conf" >"$work/$1.record"
}

# finish ROLE CACHE: makes the cache from what a process of that role recorded. The flags of both must be the same.
finish() {
    local argument takes_value= options=()
    while IFS= read -r argument; do
        if [ -n "$takes_value" ]; then takes_value=
        elif [ "$argument" = -cp ]; then takes_value=yes
        elif [[ $argument = -XX:AOT* ]]; then continue
        elif [[ $argument != [-@]* ]]; then break
        fi
        options+=("$argument")
    done < <(tail -n +2 "$work/$1.line")
    # shellcheck disable=SC2086 # words
    if ! $JAVA "${options[@]}" -XX:AOTMode=create "-XX:AOTConfiguration=$(cat "$work/$1.record")" "-XX:AOTCache=$2.part" >"$work/$1.log" 2>&1; then
        echo "No start-up cache for the $1:" >&2
        tail -5 "$work/$1.log" >&2
        exit 1
    fi
    mv "$2.part" "$2"
    echo "$1: $(du -m "$2" | cut -f1) MB in $2"
}

gone() { ! kill -0 "$1" 2>/dev/null; }
