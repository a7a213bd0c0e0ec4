package dev.pipelinejob.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.protocol.identity.SpiffeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final SpiffeId.Worker WORKER = new SpiffeId.Worker("default", "uid", "slot-0-1");
    private static final Duration HOUR = Duration.ofHours(1);

    private static X509Certificate signed(SigningOutcome outcome) {
        return switch (outcome) {
            case SigningOutcome.Signed signed -> signed.chain().getFirst();
            case SigningOutcome.Refused refused -> throw new AssertionError(refused.reason());
        };
    }

    @Test
    void certifiesTheTokensIdentityAndNotWhatTheRequestSays(@TempDir Path folder) throws Exception {
        // given
        CertificateAuthority authority = CertificateAuthority.openOrCreate(folder.resolve("private"), CLOCK);
        KeyPair keys = CertificateRequests.keys();

        // when
        X509Certificate certificate =
                signed(authority.sign(CertificateRequests.request(keys, keys.getPrivate()), WORKER, HOUR));

        // then
        certificate.verify(authority.certificate().getPublicKey());
        assertThat(SpiffeId.of(certificate)).isEqualTo(WORKER);
        assertThat(certificate.getPublicKey()).isEqualTo(keys.getPublic());
        assertThat(certificate.getNotAfter()).isEqualTo(Date.from(NOW.plus(HOUR)));
        assertThat(certificate.getBasicConstraints()).as("it is no CA").isEqualTo(-1);
    }

    @Test
    void isTheSameAfterARestartAndReadableByItsOwnerOnly(@TempDir Path folder) throws Exception {
        // given
        Path secrets = folder.resolve("private");
        CertificateAuthority first = CertificateAuthority.openOrCreate(secrets, CLOCK);

        // when
        CertificateAuthority second = CertificateAuthority.openOrCreate(secrets, CLOCK);

        // then
        assertThat(second.certificate()).isEqualTo(first.certificate());
        second.issueOperator(HOUR).chain().getFirst().verify(first.certificate().getPublicKey());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets.resolve("ca-key.der"))))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesARequestThatItsKeyDidNotSign(@TempDir Path folder) throws Exception {
        // given
        CertificateAuthority authority = CertificateAuthority.openOrCreate(folder, CLOCK);
        byte[] stolen = CertificateRequests.request(
                CertificateRequests.keys(), CertificateRequests.keys().getPrivate());

        // when, then
        assertThat(authority.sign(stolen, WORKER, HOUR)).isInstanceOf(SigningOutcome.Refused.class);
        assertThat(authority.sign(new byte[] {1, 2, 3}, WORKER, HOUR)).isInstanceOf(SigningOutcome.Refused.class);
        assertThat(authority.sign(new byte[100_000], WORKER, HOUR)).isInstanceOf(SigningOutcome.Refused.class);
    }

    @Test
    void knowsATokenUntilItIsRevoked(@TempDir Path folder) throws Exception {
        // given
        SlotTokens tokens = new SlotTokens(folder);
        String token = Files.readString(tokens.issue(WORKER));
        SlotTokens restarted = new SlotTokens(folder);
        restarted.remember(WORKER);

        // when, then
        assertThat(tokens.verify(token)).isEqualTo(new TokenVerdict.Accepted(WORKER));
        assertThat(restarted.verify(token)).isEqualTo(new TokenVerdict.Accepted(WORKER));
        assertThat(tokens.verify(token + "0")).isInstanceOf(TokenVerdict.Refused.class);
        restarted.revoke(WORKER);
        assertThat(restarted.verify(token)).isInstanceOf(TokenVerdict.Refused.class);
    }
}
