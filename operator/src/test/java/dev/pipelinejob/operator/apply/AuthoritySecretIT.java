package dev.pipelinejob.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipelinejob.operator.cluster.TestCluster;
import dev.pipelinejob.operator.identity.AuthorityKeys;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The CA in a Secret of a real API server.
@Timeout(300)
class AuthoritySecretIT {
    private static final String NAMESPACE = "default";
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private static TestCluster cluster;
    private static KubernetesClient client;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.start();
        client = cluster.client();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static AuthoritySecret secret(String name, Instant now) {
        return new AuthoritySecret(client, NAMESPACE, name, Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void isMadeOnceAndThenRead() throws IOException {
        AuthorityKeys made = secret("once", NOW).current();

        assertThat(secret("once", NOW.plusSeconds(1)).current()).isEqualTo(made);
    }

    @Test
    void severalOperatorsThatStartTogetherAgree() throws Exception {
        try (ExecutorService operators = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<AuthorityKeys>> all = operators.invokeAll(IntStream.range(0, 8)
                    .<Callable<AuthorityKeys>>mapToObj(
                            _ -> () -> secret("together", NOW).current())
                    .toList());

            assertThat(all.stream().map(Future::resultNow).distinct()).hasSize(1);
        }
    }

    @Test
    void anEmptySecretOfTheChartIsFilled() throws IOException {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName("chart")
                        .addToLabels("chart", "ours")
                        .endMetadata()
                        .build())
                .create();

        AuthorityKeys made = secret("chart", NOW).current();

        assertThat(secret("chart", NOW).current()).isEqualTo(made);
        assertThat(client.secrets()
                        .inNamespace(NAMESPACE)
                        .withName("chart")
                        .get()
                        .getMetadata()
                        .getLabels())
                .containsEntry("chart", "ours");
    }

    @Test
    void theAnnotationBeginsAChangeAndTimeEndsIt() throws IOException {
        AuthorityKeys first = secret("rotated", NOW).current();
        client.secrets().inNamespace(NAMESPACE).withName("rotated").edit(found -> new SecretBuilder(found)
                .editMetadata()
                .addToAnnotations(AuthoritySecret.ROTATE, "today")
                .endMetadata()
                .build());

        AuthorityKeys spreading = secret("rotated", NOW).current();
        AuthorityKeys signing = secret("rotated", NOW.plusSeconds(3600)).current();

        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        assertThat(spreading.authority(clock).certificate())
                .isEqualTo(first.authority(clock).certificate());
        assertThat(signing.authority(clock).certificate())
                .isEqualTo(spreading.authority(clock).trustBundle().get(1));
        assertThat(secret("rotated", NOW.plusSeconds(7200)).current()).isEqualTo(signing);
    }

    @Test
    void aSecretOfSomebodyElseIsRefused() {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName("foreign")
                        .endMetadata()
                        .withStringData(Map.of("password", "x"))
                        .build())
                .create();

        assertThatThrownBy(() -> secret("foreign", NOW).current()).isInstanceOf(IOException.class);
    }
}
