#!/bin/sh
# Prints the home of a JDK 25, or says in one sentence what is missing and exits 2.
# Looked at in this order: PIPELINEJOB_JAVA_HOME, JAVA_HOME, the java on PATH, the usual places of Linux, macOS and SDKMAN.
set -u
is_jdk25() { [ -x "$1/bin/javac" ] && grep -q '^JAVA_VERSION="25' "$1/release" 2>/dev/null; }
for home in "${PIPELINEJOB_JAVA_HOME:-}" "${JAVA_HOME:-}"; do
    if [ -n "$home" ] && is_jdk25 "$home"; then echo "$home"; exit 0; fi
done
if path=$(command -v java); then
    home=$(dirname "$(dirname "$(readlink -f "$path")")")
    if is_jdk25 "$home"; then echo "$home"; exit 0; fi
fi
for home in /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_jdk25 "$home"; then echo "$home"; exit 0; fi
done
echo "PipelineJob needs a JDK 25 and found none: install one (Temurin 25, for example) or set JAVA_HOME to its folder." >&2
exit 2
