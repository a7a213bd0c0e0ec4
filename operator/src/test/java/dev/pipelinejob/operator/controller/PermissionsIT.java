package dev.pipelinejob.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.operator.apply.AuthoritySecret;
import dev.pipelinejob.operator.apply.JobConfigMaps;
import dev.pipelinejob.operator.apply.PodSlots;
import dev.pipelinejob.operator.apply.PodWriter;
import dev.pipelinejob.operator.cluster.TestJobs;
import dev.pipelinejob.operator.cluster.TestTopologies;
import dev.pipelinejob.operator.config.OperatorConfig;
import dev.pipelinejob.operator.planning.AttemptRecord;
import dev.pipelinejob.operator.workers.AttemptConfigMaps;
import dev.pipelinejob.operator.workers.PodSettings;
import dev.pipelinejob.operator.workers.SlotPods;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The operator under the chart's own roles, on an API server that keeps them and writes down what is asked of it:
/// nothing is refused, and nothing is allowed that is never asked.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PermissionsIT {
    private static final Path MANIFESTS = Path.of("../helm/cases/smallest/out-manifests.yaml");
    private static final Path ATTEMPT = Path.of("src/test/resources/configmaps/out-attempt.yaml");
    private static final String NAMESPACE = "pipelinejob-system";
    private static final String NAME = "pipelinejob";
    private static final String SECRET = "pipelinejob-authority";
    private static final int NODES = 3;
    private static final int FORBIDDEN = 403;
    private static final int MORE_ATTEMPTS_THAN_ARE_KEPT = 12;
    /// What is checked besides a request's own verb, and so stands in no log.
    private static final Set<String> UNWRITTEN = Set.of(
            // By an admission plugin that some clusters use, for owners that children wait for.
            "update pipelinejob.dev/pipelinejobs/finalizers",
            // By the SDK, which asks for its rights before it takes part in an election, and then patches.
            "update coordination.k8s.io/leases",
            // By a patch that creates what is not there.
            "create discovery.k8s.io/endpointslices");

    private static final ObjectMapper JSON = new ObjectMapper();

    private OperatorFixture operators;
    private List<HasMetadata> manifests;

    @BeforeAll
    void install(@TempDir Path shared) throws Exception {
        operators = OperatorFixture.start(shared, NODES);
        KubernetesClient admin = operators.client();
        admin.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        manifests = new ArrayList<>();
        for (String document : Files.readString(MANIFESTS).split("(?m)^---$", -1)) {
            if (document.contains("kind: ")) {
                HasMetadata object = admin.getKubernetesSerialization().unmarshal(document);
                if (Set.of("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Service")
                        .contains(object.getKind())) {
                    manifests.add(object);
                    admin.resource(object).inNamespace(NAMESPACE).create();
                }
            }
        }
    }

    @AfterAll
    void stop() {
        operators.clear();
        operators.close();
    }

    @Test
    void theChartsRolesAllowWhatTheOperatorDoesAndNoMore() throws Exception {
        KubernetesClient asOperator = operators.clientOf(NAMESPACE, NAME);
        operators.startOperator(
                port -> new OperatorConfig(
                        NAMESPACE,
                        "operator-1",
                        "127.0.0.1",
                        List.of(),
                        port,
                        "pipelinejob-control",
                        null,
                        0,
                        "worker",
                        SECRET,
                        NAME),
                asOperator);

        TestTopologies.create(operators.client(), "racks", "kubernetes.io/hostname");
        aWholeLife();
        moreAttemptsThanAreKept(asOperator);
        operators.stopOperator();

        assertThat(refusals()).isEmpty();
        Set<String> unused = new TreeSet<>(allowed());
        unused.removeAll(asked());
        unused.removeAll(UNWRITTEN);
        assertThat(unused).as("allowed and never asked").isEmpty();
    }

    /// A job that somebody else writes to meanwhile, under a CA that is changed, from its first pod to its deletion.
    private void aWholeLife() throws Exception {
        KubernetesClient admin = operators.client();
        PipelineJob job = TestJobs.create(admin, "whole-life", 300, "  ttlSecondsAfterFinished: 1\n");
        operators.awaitStep(job, 20);
        admin.resource(job)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\": {\"labels\": {\"team\": \"a\"}}}");
        admin.secrets().inNamespace(NAMESPACE).withName(SECRET).edit(found -> new SecretBuilder(found)
                .editMetadata()
                .addToAnnotations(AuthoritySecret.ROTATE, "now")
                .endMetadata()
                .build());
        long deadline = System.nanoTime() + OperatorFixture.LIMIT.toNanos();
        while (admin.resource(job).get() != null) {
            assertThat(System.nanoTime()).as("the job's time to live").isLessThan(deadline);
            Thread.sleep(OperatorFixture.LOOK);
        }
    }

    private void moreAttemptsThanAreKept(KubernetesClient asOperator) throws IOException {
        PipelineJob job =
                TestJobs.create(operators.client(), "many-attempts", 40, "  managedBy: example.com/dispatcher\n");
        AttemptRecord golden = AttemptConfigMaps.read(
                operators.client().getKubernetesSerialization().unmarshal(Files.readString(ATTEMPT), ConfigMap.class));
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            PodSlots slots = new PodSlots(
                    new PodSlots.Kubernetes(List::of, new PodWriter(asOperator, executor), () -> {}),
                    new SlotPods(job, new PodSettings("", () -> "", "worker", Set.of("amd64"), Duration.ZERO)),
                    new JobConfigMaps(asOperator, job),
                    Clock.systemUTC());
            for (int number = 1; number <= MORE_ATTEMPTS_THAN_ARE_KEPT; number++) {
                slots.claim(new AttemptRecord(
                        golden.version(),
                        number,
                        golden.resumeStep(),
                        golden.plan(),
                        golden.generatorVersion(),
                        golden.digest(),
                        golden.seats(),
                        golden.dataDigest(),
                        golden.figures(),
                        golden.claimedAt()));
            }
        }
    }

    private Set<String> allowed() {
        Set<String> allowed = new TreeSet<>();
        for (HasMetadata object : manifests) {
            boolean ours = object.getMetadata().getName().equals(NAME)
                    || object.getMetadata().getName().equals(NAMESPACE + ":" + NAME);
            if (ours && object instanceof Role role) {
                role.getRules().forEach(rule -> expand(rule, allowed));
            } else if (ours && object instanceof ClusterRole role) {
                role.getRules().forEach(rule -> expand(rule, allowed));
            }
        }
        return allowed;
    }

    private static void expand(PolicyRule rule, Set<String> allowed) {
        for (String group : rule.getApiGroups()) {
            for (String resource : rule.getResources()) {
                rule.getVerbs().forEach(verb -> allowed.add(verb + " " + group + "/" + resource));
            }
        }
    }

    private List<JsonNode> log() throws IOException {
        List<JsonNode> requests = new ArrayList<>();
        String account = "system:serviceaccount:" + NAMESPACE + ":" + NAME;
        for (String line : Files.readAllLines(operators.auditLog())) {
            JsonNode request = JSON.readTree(line);
            if (account.equals(request.path("user").path("username").asText()) && request.has("objectRef")) {
                requests.add(request);
            }
        }
        return requests;
    }

    private static String words(JsonNode request) {
        JsonNode object = request.get("objectRef");
        String part = object.path("subresource").asText();
        return request.path("verb").asText() + " " + object.path("apiGroup").asText() + "/"
                + object.path("resource").asText() + (part.isEmpty() ? "" : "/" + part);
    }

    private Set<String> asked() throws IOException {
        Set<String> asked = new TreeSet<>();
        log().forEach(request -> asked.add(words(request)));
        return asked;
    }

    private Set<String> refusals() throws IOException {
        Set<String> refusals = new TreeSet<>();
        for (JsonNode request : log()) {
            if (request.path("responseStatus").path("code").asInt() == FORBIDDEN) {
                refusals.add(words(request));
            }
        }
        return refusals;
    }
}
