package dev.pipelinejob.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipelinejob.protocol.identity.SpiffeId;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// How one CA takes over from another.
class AuthorityKeysTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String WISH = "because the key leaked";

    private static CertificateAuthority authority(AuthorityKeys keys, Instant at) {
        return keys.authority(Clock.fixed(at, ZoneOffset.UTC));
    }

    @Test
    void isTheSameAfterItWasWrittenAndRead() throws Exception {
        AuthorityKeys keys = AuthorityKeys.create(NOW).advanced(NOW, WISH);

        AuthorityKeys read = AuthorityKeys.read(keys.data());

        assertThat(read).isEqualTo(keys);
        assertThat(authority(read, NOW).trustBundle())
                .isEqualTo(authority(keys, NOW).trustBundle());
        assertThat(keys.data().get("ca.crt")).isEqualTo(keys.bundle());
    }

    @Test
    void nothingChangesUnlessItIsOldOrWished() throws Exception {
        AuthorityKeys keys = AuthorityKeys.create(NOW);
        Instant lastDay = NOW.plus(AuthorityKeys.SIGNING_TIME).minus(Duration.ofDays(1));

        assertThat(keys.advanced(lastDay, "")).isSameAs(keys);
        assertThat(keys.advanced(lastDay.plus(Duration.ofDays(2)), "")).isNotEqualTo(keys);
    }

    @Test
    void aSuccessorIsTrustedBeforeItSignsAndItsPredecessorAfter() throws Exception {
        AuthorityKeys first = AuthorityKeys.create(NOW);
        X509Certificate old = authority(first, NOW).certificate();

        AuthorityKeys spreading = first.advanced(NOW, WISH);
        assertThat(authority(spreading, NOW).certificate()).isEqualTo(old);
        assertThat(authority(spreading, NOW).trustBundle()).hasSize(2).contains(old);
        Instant early = NOW.plus(AuthorityKeys.SPREADING_TIME).minusSeconds(1);
        assertThat(spreading.advanced(early, WISH)).isSameAs(spreading);

        Instant taken = NOW.plus(AuthorityKeys.SPREADING_TIME);
        AuthorityKeys signing = spreading.advanced(taken, WISH);
        X509Certificate successor = authority(signing, taken).certificate();
        assertThat(successor).isNotEqualTo(old);
        assertThat(authority(signing, taken).trustBundle()).containsExactly(successor, old);
        assertThat(authority(spreading, NOW).trustBundle()).contains(successor);
        Instant valid = taken.plus(AuthorityKeys.LONGEST_VALIDITY).minusSeconds(1);
        assertThat(signing.advanced(valid, WISH)).isSameAs(signing);

        AuthorityKeys done = signing.advanced(taken.plus(AuthorityKeys.LONGEST_VALIDITY), WISH);
        assertThat(authority(done, taken).trustBundle()).containsExactly(successor);
        assertThat(done.advanced(taken.plus(Duration.ofDays(31)), WISH))
                .as("one wish, one change")
                .isSameAs(done);
        assertThat(done.advanced(taken.plus(Duration.ofDays(31)), "another")).isNotEqualTo(done);
    }

    @Test
    void certificatesOfBothAreVerifiedByTheBundle() throws Exception {
        AuthorityKeys spreading = AuthorityKeys.create(NOW).advanced(NOW, WISH);
        Instant taken = NOW.plus(AuthorityKeys.SPREADING_TIME);
        CertificateAuthority before = authority(spreading, NOW);
        CertificateAuthority after = authority(spreading.advanced(taken, WISH), taken);
        KeyPair keys = CertificateRequests.keys();
        SpiffeId.Worker worker = new SpiffeId.Worker("default", "uid", "pod");
        byte[] request = CertificateRequests.request(keys, keys.getPrivate());

        SigningOutcome signed = after.sign(request, worker, Duration.ofHours(1));

        X509Certificate leaf = ((SigningOutcome.Signed) signed).chain().getFirst();
        leaf.verify(before.trustBundle().get(1).getPublicKey());
        assertThat(leaf.getIssuerX500Principal())
                .isEqualTo(after.certificate().getSubjectX500Principal())
                .isNotEqualTo(before.certificate().getSubjectX500Principal());
    }

    @Test
    void whatIsNoAuthorityIsRefusedWithoutQuotingIt() throws IOException {
        Map<String, String> data = new TreeMap<>(AuthorityKeys.create(NOW).data());
        data.put("tls.key", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");

        assertThatThrownBy(() -> AuthorityKeys.read(data))
                .isInstanceOf(IOException.class)
                .hasMessage("The private key is no PKCS#8 elliptic-curve key in PEM.")
                .hasNoCause();
        assertThatThrownBy(() -> AuthorityKeys.read(Map.of())).isInstanceOf(IOException.class);
    }
}
