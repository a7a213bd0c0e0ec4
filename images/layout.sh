#!/usr/bin/env bash
# Lays out what the images hold under target/images/layers, one folder a layer, after `make build`:
#   system               a Java runtime with the modules that both programs use, the C libraries, a user, mount points
#   operator-libraries, worker-libraries    other people's jars and the native code that they load
#   worker-torch         libtorch
#   operator-program, worker-program        our own jars and how to start them
# Both Dockerfiles copy from here, and build.sh makes the images from scratch of it.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C
java_home=${JAVA_HOME:-$(scripts/find-jdk25.sh)}
layers=target/images/layers
# Where everything of ours lies inside an image.
home=opt/pipelinejob
# Who runs it: nobody's number on any distribution, and not root.
user=65532
# One time for all files, so that equal content gives equal archives.
epoch=$(sed -n 's/.*<project.build.outputTimestamp>\(.*\)<\/.*/\1/p' pom.xml)
# What libraries ask for beyond our own classes' modules, which jdeps reads. Asked about the libraries, jdeps would also
# name their optional uses (AWT, SQL) and miss what is found by name at run time.
library_modules=java.logging,java.naming,java.net.http,java.xml,jdk.jcmd,jdk.jfr,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs

if [ "$(uname -sm)" != "Linux x86_64" ]; then
    echo "The images are made for linux/amd64 out of this machine's C libraries, but this is $(uname -sm): build them on Linux on x86_64." >&2
    exit 2
fi
for module in operator worker-image; do
    if [ ! -d "$module/target/lib" ]; then
        echo "$module is not built yet: run 'make build' first." >&2
        exit 2
    fi
done

# own_jars MODULE: our jars that a program consists of, its own first.
own_jars() {
    local jar name
    for jar in "$1/target/$1"-*.jar; do
        case $jar in *-sources.jar | *-javadoc.jar | *-tests.jar) ;; *) echo "$jar" ;; esac
    done
    for name in crds protocol placement; do
        for jar in "$1/target/lib/$name"-[0-9]*.jar; do
            if [ -f "$jar" ]; then echo "$jar"; fi
        done
    done
}

# other_jars MODULE: everybody else's, in an order that does not depend on the file system.
other_jars() {
    local jar
    for jar in "$1/target/lib"/*.jar; do
        case ${jar##*/} in crds-[0-9]* | protocol-[0-9]* | placement-[0-9]*) ;; *) echo "$jar" ;; esac
    done
}

# runtime FOLDER: a Java runtime of the modules that are needed; made again only when these or the JDK change.
runtime() {
    local own modules key
    own=$({ own_jars operator; own_jars worker-image; } | sort -u)
    # shellcheck disable=SC2086 # the jars are words
    modules=$("$java_home/bin/jdeps" --multi-release 25 --ignore-missing-deps --no-recursive \
        --print-module-deps $own),$library_modules
    key="$modules $(sha256sum <"$java_home/release") $(sha256sum <images/layout.sh)"
    if [ "$(cat target/images/runtime.key 2>/dev/null)" != "$key" ]; then
        rm -rf target/images/runtime
        "$java_home/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages \
            --output target/images/runtime
        # An archive of classes holds only for the very file, by its time, that it was made from.
        touch --date="$epoch" target/images/runtime/lib/modules
        target/images/runtime/bin/java -XX:+UseG1GC -Xshare:dump >/dev/null
        echo "$key" >target/images/runtime.key
    fi
    mkdir -p "$1"
    cp -a target/images/runtime/. "$1"
}

# shared_libraries ROOT FOLDER...: copies into ROOT what the programs and libraries in the folders link, under the
# same paths, and the loader that starts them.
shared_libraries() {
    local root=$1 found file missing
    shift
    found=$(find "$@" -type f \( -name '*.so' -o -name '*.so.*' -o -perm -100 \) -print0 | xargs -0 -n 32 ldd 2>/dev/null || true)
    # A library that another folder of ours holds is not the system's, so ldd may not find it.
    missing=$(awk '$2 == "=>" && $3 == "not" {print $1}' <<<"$found" | sort -u | while read -r file; do
        if [ -z "$(find "$@" -name "$file" -print -quit)" ]; then echo "$file"; fi
    done)
    if [ -n "$missing" ]; then
        echo "The images need these libraries, which this machine does not have:" $missing >&2
        exit 2
    fi
    awk '$2 == "=>" && $3 ~ /^\// {print $3} $1 ~ /^\// && $2 ~ /^\(/ {print $1}' <<<"$found" | sort -u |
        while read -r file; do
            case $file in "$PWD"/*) continue ;; esac
            if [ ! -e "$root$file" ]; then
                mkdir -p "$root${file%/*}"
                cp -L "$file" "$root$file"
            fi
        done
}

# unsigned JAR...: takes the signatures away, which nobody checks here: no class of a signed jar goes into a start-up
# cache, and the names of all its files are read with the first.
unsigned() {
    local jar work=$PWD/target/images/unsigned
    for jar in "$@"; do
        rm -rf "$work"
        mkdir -p "$work"
        (cd "$work" && "$java_home/bin/jar" xf "$jar")
        rm -f "$work"/META-INF/*.{SF,DSA,RSA}
        sed '/^\r*$/,$d' "$work/META-INF/MANIFEST.MF" >"$work.manifest"
        rm "$work/META-INF/MANIFEST.MF"
        (cd "$work" && find . -type f -printf '%P\n' | sort >"$work.files")
        (cd "$work" && "$java_home/bin/jar" --create --file "$jar" --manifest "$work.manifest" --date "$epoch" "@$work.files")
    done
    rm -rf "$work" "$work.manifest" "$work.files"
}

# libraries MODULE FOLDER: the jars, and what gRPC would unpack into a temporary folder at every start.
libraries() {
    local folder=$2/$home grpc
    mkdir -p "$folder/lib" "$folder/native"
    # shellcheck disable=SC2046 # the jars are words
    cp $(other_jars "$1") "$folder/lib"
    # shellcheck disable=SC2046 # the jars are words
    unsigned $(grep -lEa 'META-INF/[A-Z0-9]+\.SF' "$PWD/$folder/lib"/*.jar)
    grpc=$(realpath "$folder/lib"/grpc-netty-shaded-*.jar)
    mkdir -p target/images/unpacked
    (cd target/images/unpacked && "$java_home/bin/jar" xf "$grpc" META-INF/native)
    cp target/images/unpacked/META-INF/native/*_x86_64.so "$folder/native"
    rm -rf target/images/unpacked
}

# program MODULE FOLDER NAME FLAG...: our jars, the module's own beside native and lib as in its build folder, and
# NAME.arguments, which java reads.
program() {
    local module=$1 folder=$2/$home name=$3 own path jar
    shift 3
    mkdir -p "$folder/lib"
    mapfile -t own < <(own_jars "$module")
    cp "${own[0]}" "$folder"
    cp "${own[@]:1}" "$folder/lib"
    path=/$home/${own[0]##*/}
    for jar in "${own[@]:1}" $(other_jars "$module"); do
        path=$path:/$home/lib/${jar##*/}
    done
    {
        printf '%s\n' "$@" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
            "-Djava.library.path=/$home/native"
        printf -- '-cp\n%s\n' "$path"
    } >"$folder/$name.arguments"
}

# A folder that an image mounts something over, or that programs expect.
mount_points() {
    (cd "$1" && mkdir -p proc sys dev tmp data checkpoints)
}

accounts() {
    mkdir -p "$1/etc"
    echo "pipelinejob:x:$user:$user::/tmp:/sbin/nologin" >"$1/etc/passwd"
    echo "pipelinejob:x:$user:" >"$1/etc/group"
    echo "hosts: files dns" >"$1/etc/nsswitch.conf"
}

rm -rf "$layers"
mkdir -p "$layers"
libraries operator "$layers/operator-libraries"
libraries worker-image "$layers/worker-libraries"
mkdir -p "$layers/worker-torch/$home/native"
cp -a worker-image/target/native/. "$layers/worker-torch/$home/native"
runtime "$layers/system/$home/runtime"
shared_libraries "$layers/system" "$layers/system" "$layers/worker-torch" "$layers/worker-libraries" "$layers/operator-libraries"
accounts "$layers/system"
mount_points "$layers/system"
# The planner searches long and wants the optimizing compiler, but only what has run ten times longer than usual, so that
# it leaves the start alone; a supervisor only waits and wants to be small. The caches of both are mapped where they were made
# for, and no start begins with compiling what was hot when they were made.
program operator "$layers/operator-program" operator -XX:+UseSerialGC -XX:MaxRAMPercentage=50 -Xms64m -Xmn32m -XX:SurvivorRatio=3 \
    -XX:TrimNativeHeapInterval=10000 -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 \
    -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000 \
    -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -XX:-AOTReplayTraining -XX:+ExitOnOutOfMemoryError
program worker-image "$layers/worker-program" worker -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m \
    -Djdk.reflect.useNativeAccessorOnly=true \
    -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -XX:-AOTReplayTraining -XX:+ExitOnOutOfMemoryError

chmod -R u=rwX,go=rX "$layers"
chmod 1777 "$layers/system/tmp"
find "$layers" -exec touch --no-dereference --date="$epoch" {} +
