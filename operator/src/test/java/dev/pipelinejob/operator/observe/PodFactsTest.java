package dev.pipelinejob.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.operator.lifecycle.Presence;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is read from nodes and pods.
class PodFactsTest {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final long MIB = 1L << 20;

    private static Pod pod(String spec, String status) {
        return YAML.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: j-3-2
                  creationTimestamp: "2026-11-21T12:00:00Z"
                  labels: {pipelinejob.dev/job-uid: u1, pipelinejob.dev/slot: "3", pipelinejob.dev/incarnation: "2"}
                spec: %s
                status: %s
                """.formatted(spec, status), Pod.class);
    }

    @Test
    void requestsAreWhatTheSchedulerCounts() {
        Pod pod = pod("""
                {nodeName: n1,
                 containers: [{name: a, resources: {requests: {cpu: 250m, memory: 64Mi}, limits: {x.y/gpu: 2}}},
                              {name: b, resources: {limits: {cpu: 500m, memory: 32Mi}}}],
                 initContainers: [{name: side, restartPolicy: Always, resources: {requests: {cpu: 100m}}},
                                  {name: once, resources: {requests: {memory: 500Mi}}}],
                 overhead: {memory: 1Mi}}""", "{phase: Running}");

        PodFacts facts = PodFacts.of(pod);

        assertThat(facts).isEqualTo(new PodFacts("n1", "u1", new Amounts(850, 501 * MIB, 0, Map.of("x.y/gpu", 2L))));
    }

    @Test
    void aPodThatEndedTakesNothing() {
        assertThat(PodFacts.of(pod(
                        "{nodeName: n1, containers: [{name: a, resources: {requests: {cpu: 1}}}]}", "{phase: Failed}")))
                .isEqualTo(new PodFacts("", "u1", Amounts.NONE));
    }

    @Test
    void aPodThatIsHeldToANodeCountsThereBeforeItIsScheduled() {
        Pod pod = pod("""
                {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [
                   {matchFields: [{key: metadata.name, operator: In, values: [n7]}]}]}}},
                 containers: [{name: a}]}""", "{phase: Pending}");

        assertThat(PodFacts.of(pod).node()).isEqualTo("n7");
    }

    @Test
    void aNodesFactsAreSlim() {
        Node node = YAML.unmarshal("""
                apiVersion: v1
                kind: Node
                metadata: {name: n1, labels: {a: b}}
                spec: {unschedulable: true, taints: [{key: k, value: v, effect: NoSchedule}, {key: l, effect: NoExecute}]}
                status:
                  allocatable: {cpu: 1500m, memory: 1Gi, ephemeral-storage: "10", pods: "7", x.y/gpu: "4"}
                  conditions: [{type: Ready, status: Unknown}]
                """, Node.class);

        NodeFacts facts = NodeFacts.of(node);

        assertThat(facts.allocatable()).isEqualTo(new Amounts(1500, 1024 * MIB, 10, Map.of("x.y/gpu", 4L)));
        assertThat(facts.ready()).isFalse();
        assertThat(facts.cordoned()).isTrue();
        assertThat(facts.maxPods()).isEqualTo(7);
        assertThat(facts.taints().toString()).isEqualTo("[k=v:NoSchedule, l:NoExecute]");
    }

    @Test
    void aPodBecomesAPresenceByItsWorkersState() {
        assertThat(presence("{phase: Pending}"))
                .isEqualTo(new Presence.Starting(2, Instant.parse("2026-11-21T12:00:00Z")));
        assertThat(
                        presence(
                                "{phase: Running, containerStatuses: [{name: worker, state: {running: {startedAt: \"2026-11-21T12:00:05Z\"}}}]}"))
                .isEqualTo(new Presence.Up(2, Instant.parse("2026-11-21T12:00:05Z")));
        assertThat(presence("{phase: Running, containerStatuses: [{name: other, state: {terminated: {exitCode: 1}}}]}"))
                .isInstanceOf(Presence.Starting.class);
    }

    @Test
    void anEndedContainerTellsItsExitCodeItsSignalAndItsLastWords() {
        assertThat(
                        presence(
                                "{phase: Failed, containerStatuses: [{name: worker, state: {terminated: {exitCode: 137, reason: OOMKilled}}}]}"))
                .isEqualTo(new Presence.Gone(2, 137, 9, Presence.Gone.OUT_OF_MEMORY, false));
        assertThat(
                        presence(
                                "{phase: Running, containerStatuses: [{name: worker, state: {terminated: {exitCode: 2, message: \"No.\\n\"}}}]}"))
                .isEqualTo(new Presence.Gone(
                        2, 2, 0, "its container ended with exit code 2. It said: No.", false, "", List.of(), "No."));
        assertThat(
                        presence(
                                "{phase: Failed, containerStatuses: [{name: worker, state: {terminated: {exitCode: 137, message: \"engine 7 | one\\nengine 7 | two\\n\"}}}]}"))
                .as("the end of a log is no sentence")
                .isEqualTo(new Presence.Gone(
                        2,
                        137,
                        9,
                        "its container ended with exit code 137",
                        false,
                        "",
                        List.of(),
                        "engine 7 | one\nengine 7 | two"));
    }

    @Test
    void aPodThatEndedWasSomewhere() {
        Pod pod = pod("{nodeName: n1, containers: [{name: worker}]}", "{phase: Failed}");

        assertThat(PodPresence.of(pod).node()).isEqualTo("n1");
    }

    @Test
    void aPodThatTheInfrastructureTookIsADisruption() {
        assertThat(presence("""
                {phase: Failed, conditions: [{type: DisruptionTarget, status: "True", reason: EvictionByEvictionAPI,
                 message: drained}], containerStatuses: [{name: worker, state: {terminated: {exitCode: 143}}}]}"""))
                .isEqualTo(new Presence.Gone(
                        2,
                        143,
                        15,
                        "its pod was taken away (EvictionByEvictionAPI): drained",
                        true,
                        "",
                        List.of(new Presence.PodCondition("DisruptionTarget", "True", "EvictionByEvictionAPI")),
                        ""));
    }

    @Test
    void aPodThatTheKubeletRefusedSaysWhy() {
        assertThat(presence("{phase: Failed, reason: OutOfcpu, message: no room}"))
                .isEqualTo(new Presence.Gone(2, -1, 0, "its pod failed (OutOfcpu): no room", false));
    }

    private static Presence presence(String status) {
        return PodPresence.of(pod("{containers: []}", status));
    }
}
