package dev.pipelinejob.operator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OperatorConfigTest {
    private static final Map<String, String> LEAST = Map.of(
            OperatorConfig.NAMESPACE, "system",
            OperatorConfig.POD_NAME, "operator-1",
            OperatorConfig.POD_ADDRESS, "10.0.0.7",
            OperatorConfig.WORKER_IMAGE, "worker:1");

    private static OperatorConfig with(String name, String value) {
        Map<String, String> environment = new TreeMap<>(LEAST);
        environment.put(name, value);
        return OperatorConfig.of(environment);
    }

    @Test
    void whatIsNotSaidHasADefault() {
        OperatorConfig config = OperatorConfig.of(LEAST);

        assertThat(config)
                .isEqualTo(new OperatorConfig(
                        "system",
                        "operator-1",
                        "10.0.0.7",
                        List.of(),
                        7600,
                        "pipelinejob-control",
                        null,
                        8080,
                        "worker:1",
                        "pipelinejob-authority",
                        "pipelinejob-operator"));
    }

    @Test
    void namespacesAreSeparatedByCommas() {
        assertThat(with(OperatorConfig.NAMESPACES, "team-a, team-b,").namespaces())
                .containsExactly("team-a", "team-b");
    }

    @Test
    void whatIsMissingOrWrongIsNamed() {
        assertThatThrownBy(() -> OperatorConfig.of(Map.of()))
                .hasMessageStartingWith(OperatorConfig.NAMESPACE + " is not set");
        assertThatThrownBy(() -> with(OperatorConfig.NAMESPACES, "Team A"))
                .hasMessageContaining("'Team A', which is no namespace");
        assertThatThrownBy(() -> with(OperatorConfig.HTTP_PORT, "65536"))
                .hasMessage(OperatorConfig.HTTP_PORT
                        + " is '65536' but must be a port from 0 to 65535; 0 takes any that is free.");
    }
}
