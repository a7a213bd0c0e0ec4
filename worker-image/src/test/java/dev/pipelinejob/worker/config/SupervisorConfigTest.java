package dev.pipelinejob.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipelinejob.protocol.identity.IdentityCredentials;
import dev.pipelinejob.protocol.identity.TestAuthority;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The environment of a pod, and what is said about a wrong one.
class SupervisorConfigTest {
    private final TestAuthority authority = new TestAuthority("ours");
    private final Map<String, String> pod = new HashMap<>(Map.of(
            "PIPELINEJOB_DRAIN_SECONDS", "60",
            "PIPELINEJOB_OPERATOR_ADDRESS", "10.96.0.7:9443",
            "PIPELINEJOB_TRUST_BUNDLE", pem(),
            "PIPELINEJOB_NAMESPACE", "team-a",
            "PIPELINEJOB_JOB_UID", "uid",
            "PIPELINEJOB_SLOT", "3",
            "PIPELINEJOB_INCARNATION", "2",
            "PIPELINEJOB_TOKEN_FILE", "/var/run/secrets/pipelinejob.dev/token",
            "PIPELINEJOB_ECHO_ENGINES", "true",
            "PIPELINEJOB_RANK_FILE", "/tmp/rank.env"));

    private String pem() {
        byte[] der = IdentityCredentials.der(List.of(authority.certificate())).getFirst();
        return "-----BEGIN CERTIFICATE-----\n"
                + new String(Base64.getMimeEncoder().encode(der), StandardCharsets.US_ASCII)
                + "\n-----END CERTIFICATE-----\n";
    }

    @Test
    void aPodsEnvironmentIsEnough() throws Exception {
        SupervisorConfig config = SupervisorConfig.from(pod);

        assertThat(config.operatorAddress()).contains("10.96.0.7:9443");
        assertThat(config.slot()).isEqualTo(new SupervisorConfig.SlotIdentity("team-a", "uid", 3, 2));
        assertThat(config.trust().certificates()).containsExactly(authority.certificate());
        assertThat(config.tokenFile()).isEqualTo(Path.of("/var/run/secrets/pipelinejob.dev/token"));
        assertThat(config.checkpointDirectory()).isEqualTo(Optional.empty());
        assertThat(config.standby()).isTrue();
        assertThat(config.orphanLimit()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.drainLimit()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.echo()).isTrue();
        assertThat(config.rankFile()).contains(Path.of("/tmp/rank.env"));
    }

    @Test
    void whatIsMissingIsNamed() {
        for (String name : List.of(
                "PIPELINEJOB_NAMESPACE",
                "PIPELINEJOB_JOB_UID",
                "PIPELINEJOB_SLOT",
                "PIPELINEJOB_INCARNATION",
                "PIPELINEJOB_TOKEN_FILE")) {
            Map<String, String> incomplete = new HashMap<>(pod);
            incomplete.remove(name);

            assertThatThrownBy(() -> SupervisorConfig.from(incomplete))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("The environment variable " + name
                            + " is not set, but this process cannot run without it.");
        }
    }

    @Test
    void withoutAnyTrustTheFileIsAskedFor() {
        pod.remove("PIPELINEJOB_TRUST_BUNDLE");

        assertThatThrownBy(() -> SupervisorConfig.from(pod)).hasMessageContaining("PIPELINEJOB_TRUST_FILE is not set");
    }

    @Test
    void whatIsWrongIsNamedWithItsValue() {
        refused(
                "PIPELINEJOB_SLOT",
                "-1",
                "The environment variable PIPELINEJOB_SLOT is \"-1\", but must be a number from 0 on.");
        refused(
                "PIPELINEJOB_STANDBY",
                "yes",
                "The environment variable PIPELINEJOB_STANDBY is \"yes\", but must be true or false.");
        refused(
                "PIPELINEJOB_DRAIN_SECONDS",
                "soon",
                "The environment variable PIPELINEJOB_DRAIN_SECONDS is \"soon\", but must be a number from 0 on.");
        refused(
                "PIPELINEJOB_TRUST_BUNDLE",
                "nonsense",
                "The environment variable PIPELINEJOB_TRUST_BUNDLE holds no certificates in PEM, such as -----BEGIN"
                        + " CERTIFICATE-----.");
        refused(
                "PIPELINEJOB_OPERATOR_ADDRESS_FILE",
                "/x",
                "Exactly one of the environment variables PIPELINEJOB_OPERATOR_ADDRESS and"
                        + " PIPELINEJOB_OPERATOR_ADDRESS_FILE must be set.");
    }

    private void refused(String name, String value, String sentence) {
        Map<String, String> wrong = new HashMap<>(pod);
        wrong.put(name, value);
        assertThatThrownBy(() -> SupervisorConfig.from(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }
}
