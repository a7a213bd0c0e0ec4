#!/usr/bin/env bash
# Plants one offence a house rule into a throw-away copy of the sources and requires that the build refuses it with the
# rule's own words. A rule that nobody has seen failing is a wish.
set -uo pipefail
cd "$(dirname "$0")/.."
JAVA_HOME=${JAVA_HOME:-$(scripts/find-jdk25.sh)} || exit 2
export JAVA_HOME
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copy" 2>/dev/null
cd "$copy" || exit 1
passed=0
failed=0

# offence NAME EXPECTED-WORDS MODULE PHASE: the build of MODULE up to PHASE must fail and say EXPECTED-WORDS.
offence() {
    local output
    output=$(mvn --batch-mode --no-transfer-progress -o -q -pl "$3" -am "$4" -DskipITs \
        '-Dtest=ArchitectureTest' -Dsurefire.failIfNoSpecifiedTests=false 2>&1)
    local status=$?
    if [ $status -ne 0 ] && grep -qE "$2" <<<"$output"; then
        echo "refused as it should be: $1"
        passed=$((passed + 1))
    else
        echo "NOT REFUSED: $1 (exit $status, expected words: $2)"
        tail -5 <<<"$output"
        failed=$((failed + 1))
    fi
}

package=placement/src/main/java/dev/pipelinejob/placement/graph
pom=placement/pom.xml
cp "$pom" "$pom.good"

source() { # source FILE-NAME BODY
    printf 'package dev.pipelinejob.placement.graph;\n\n%s\n' "$2" >"$package/$1.java"
}
repair() { rm -f "$package"/Planted*.java; cp "$pom.good" "$pom"; }
depend() { # depend GROUP ARTIFACT VERSION
    sed -i "0,/<dependencies>/s//<dependencies>\n<dependency><groupId>$1<\/groupId><artifactId>$2<\/artifactId><version>$3<\/version><\/dependency>/" "$pom"
}

source PlantedRaw 'final class PlantedRaw {
    java.util.List names = new java.util.ArrayList();
}'
offence 'a compiler warning (-Xlint:all -Werror)' 'rawtypes|found raw type|-Werror' placement compile; repair

source PlantedEquality 'final class PlantedEquality {
    static boolean same(Integer left, Integer right) {
        return left == right;
    }
}'
offence 'an Error Prone finding' 'BoxedPrimitiveEquality|ReferenceEquality' placement compile; repair

source PlantedNull 'final class PlantedNull {
    static String name() {
        return null;
    }
}'
offence 'null returned from a null-marked package (NullAway)' 'NullAway' placement compile; repair

source PlantedFormat 'final class PlantedFormat { int  a ; }'
offence 'unformatted source (Spotless)' 'format violations' placement process-sources; repair

source PlantedLong "final class PlantedLong {
$(for i in $(seq 400); do echo "    int field$i;"; done)
}"
offence 'a file of more than 400 lines' 'FileLength|File length' placement process-test-sources; repair

source PlantedMethod "final class PlantedMethod {
    int sum(int start) {
        int sum = start;
$(for i in $(seq 55); do echo "        sum += $i;"; done)
        return sum;
    }
}"
offence 'a method of more than 50 lines' 'MethodLength|Method .* lines' placement process-test-sources; repair

source PlantedParameters 'final class PlantedParameters {
    static int sum(int a, int b, int c, int d, int e, int f, int g) {
        return a + b + c + d + e + f + g;
    }
}'
offence 'a method of seven parameters' 'ParameterNumber|More than 6 parameters' placement process-test-sources; repair

source PlantedUtil 'final class PlantedUtil {}'
offence 'a class named …Util' 'a name says what a thing is' placement test; repair

source PlantedUp 'import dev.pipelinejob.placement.topology.PlantedDown;

public record PlantedUp(PlantedDown down) {}'
printf 'package dev.pipelinejob.placement.topology;\n\nimport dev.pipelinejob.placement.graph.PlantedUp;\n\npublic record PlantedDown(PlantedUp up) {}\n' \
    >placement/src/main/java/dev/pipelinejob/placement/topology/PlantedDown.java
offence 'an import against the layer table, and a cycle' 'imports go one way|Cycle detected' placement test
rm placement/src/main/java/dev/pipelinejob/placement/topology/PlantedDown.java; repair

source PlantedClock 'final class PlantedClock {
    static java.time.Instant read() {
        return java.time.Instant.now();
    }
}'
sed -i 's/java.time.Instant/Instant/g; s/^final class/import java.time.Instant;\n\nfinal class/' "$package/PlantedClock.java"
offence 'the clock read outside the wiring' 'a test must be able to set the time' placement test; repair

depend io.grpc grpc-api 1.85.1
offence 'gRPC in the placement library (bannedDependencies)' 'placement is a pure library' placement validate; repair

depend org.slf4j slf4j-api 2.0.17
offence 'a declared dependency that nothing uses (analyze-only)' 'Unused declared' placement verify; repair

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
