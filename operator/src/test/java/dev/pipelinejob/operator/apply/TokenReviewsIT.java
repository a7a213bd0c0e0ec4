package dev.pipelinejob.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.ApiNames;
import dev.pipelinejob.api.WorkerLabels;
import dev.pipelinejob.operator.cluster.TestCluster;
import dev.pipelinejob.operator.identity.TokenVerdict;
import dev.pipelinejob.protocol.identity.SpiffeId;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a real API server says of tokens that it signed itself.
@Timeout(300)
class TokenReviewsIT {
    private static final String NAMESPACE = "default";
    private static final String JOB_UID = "11111111-2222-4333-8444-555555555555";

    private static TestCluster cluster;
    private static KubernetesClient client;
    private static TokenReviews reviews;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.start();
        client = cluster.client();
        reviews = new TokenReviews(client);
        client.serviceAccounts()
                .inNamespace(NAMESPACE)
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("trainer")
                        .endMetadata()
                        .build())
                .create();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static OwnerReference owner(String kind, String uid) {
        return new OwnerReferenceBuilder()
                .withApiVersion(ApiNames.GROUP + "/" + ApiNames.V1ALPHA1)
                .withKind(kind)
                .withName("job")
                .withUid(uid)
                .withController(true)
                .build();
    }

    private static Pod pod(String name, OwnerReference owner) {
        return client.pods()
                .inNamespace(NAMESPACE)
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels(WorkerLabels.JOB_UID, JOB_UID)
                        .withOwnerReferences(owner)
                        .endMetadata()
                        .withNewSpec()
                        .withServiceAccountName("trainer")
                        .addNewContainer()
                        .withName("worker")
                        .withImage("worker")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    private static String token(String audience, Pod pod) {
        TokenRequest wanted = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(audience)
                .withNewBoundObjectRef()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endBoundObjectRef()
                .endSpec()
                .build();
        return client.serviceAccounts()
                .inNamespace(NAMESPACE)
                .withName("trainer")
                .tokenRequest(wanted)
                .getStatus()
                .getToken();
    }

    private static String refusal(String token) {
        return switch (reviews.verify(token)) {
            case TokenVerdict.Accepted accepted -> throw new AssertionError("accepted as " + accepted.identity());
            case TokenVerdict.Refused refused -> refused.reason();
        };
    }

    @Test
    void aPodOfAJobIsWhoItsTokenSays() {
        Pod pod = pod("job-0-1", owner("PipelineJob", JOB_UID));

        TokenVerdict verdict = reviews.verify(token(ApiNames.GROUP, pod));

        assertThat(verdict)
                .isEqualTo(new TokenVerdict.Accepted(new SpiffeId.Worker(
                        NAMESPACE, JOB_UID, pod.getMetadata().getUid())));
    }

    @Test
    void aTokenForAnotherAudienceIsRefused() {
        Pod pod = pod("job-1-1", owner("PipelineJob", JOB_UID));

        assertThat(refusal(token("https://kubernetes.default.svc", pod)))
                .isEqualTo("The API server does not know the token.");
    }

    @Test
    void aTokenThatIsBoundToNoPodIsRefused() {
        String token = client.serviceAccounts()
                .inNamespace(NAMESPACE)
                .withName("trainer")
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences(ApiNames.GROUP)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();

        assertThat(refusal(token)).isEqualTo("The token of system:serviceaccount:default:trainer is bound to no pod.");
    }

    @Test
    void thePodOfSomethingElseIsRefused() {
        assertThat(refusal(token(ApiNames.GROUP, pod("other", owner("Job", JOB_UID)))))
                .isEqualTo("Pod default/other is no worker of a PipelineJob.");
        assertThat(refusal(token(ApiNames.GROUP, pod("mislabelled", owner("PipelineJob", "another-uid")))))
                .isEqualTo("Pod default/mislabelled is no worker of a PipelineJob.");
    }

    @Test
    void theTokenOfAPodThatIsGoneIsRefusedAlsoWhenAnotherHasItsName() {
        Pod old = pod("job-2-1", owner("PipelineJob", JOB_UID));
        String token = token(ApiNames.GROUP, old);
        client.resource(old).withGracePeriod(0).delete();
        Pod _ = pod("job-2-1", owner("PipelineJob", JOB_UID));

        assertThat(reviews.verify(token)).isInstanceOf(TokenVerdict.Refused.class);
    }

    @Test
    void nonsenseIsRefused() {
        assertThat(refusal("nonsense")).isEqualTo("The API server does not know the token.");
        assertThat(refusal("x".repeat(20_000))).contains("longer than");
    }

    @Test
    void aPodThatHasEndedOrIsAnotherOneByNowIsRefused() {
        Pod pod = pod("job-3-1", owner("PipelineJob", JOB_UID));
        String uid = pod.getMetadata().getUid();
        Pod ended = new PodBuilder(pod)
                .withNewStatus()
                .withPhase("Failed")
                .endStatus()
                .build();

        assertThat(PodIdentity.of(ended, NAMESPACE, "job-3-1", uid))
                .isEqualTo(new TokenVerdict.Refused("Pod default/job-3-1 has ended."));
        assertThat(PodIdentity.of(pod, NAMESPACE, "job-3-1", "other"))
                .isEqualTo(new TokenVerdict.Refused("Pod default/job-3-1 with the UID other is gone."));
    }
}
