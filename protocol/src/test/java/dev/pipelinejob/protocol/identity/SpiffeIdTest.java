package dev.pipelinejob.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdTest {
    @Test
    void readsBackWhatItWrites() {
        SpiffeId worker = new SpiffeId.Worker("team-a", "4c1b-77", "p0");

        assertThat(worker.uri()).isEqualTo("spiffe://pipelinejob/team-a/4c1b-77/p0");
        assertThat(SpiffeId.parse(worker.uri())).isEqualTo(worker);
        assertThat(SpiffeId.parse("spiffe://pipelinejob/operator")).isEqualTo(new SpiffeId.Operator());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "spiffe://pipelinejob",
                "spiffe://pipelinejob/",
                "spiffe://pipelinejob/a/b",
                "spiffe://pipelinejob/a/b/c/d",
                "spiffe://pipelinejob/a//c",
                "spiffe://pipelinejob/a/b/c/",
                "spiffe://pipelinejob/a/../c",
                "spiffe://pipelinejob/a/b/c?d",
                "spiffe://other/a/b/c",
                "https://pipelinejob/a/b/c",
                "spiffe://pipelinejob/Operator"
            })
    void refusesWhatIsNoIdentity(String uri) {
        assertThatThrownBy(() -> SpiffeId.parse(uri)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesACertificateWithoutAnIdentityOfOurs() {
        TestAuthority authority = new TestAuthority("ours");

        assertThatThrownBy(() -> SpiffeId.of(authority.certificate()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exactly one URI");
        assertThatThrownBy(() -> authority.issue("spiffe://elsewhere/x", Duration.ofHours(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spiffe://elsewhere/x");
    }

    @Test
    void survivesTheWayThroughDer() {
        IdentityCredentials issued = new TestAuthority("ours").issue(new SpiffeId.Worker("team-a", "job", "p0"));

        IdentityCredentials read =
                IdentityCredentials.fromDer(issued.privateKeyDer(), issued.chainDer(), issued.trustBundleDer());

        assertThat(read).isEqualTo(issued);
        assertThat(read.identity()).isEqualTo(new SpiffeId.Worker("team-a", "job", "p0"));
        assertThat(read.toString()).doesNotContain(issued.privateKey().toString());
    }
}
