package dev.agentserver.kit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.kit.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RevocationsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Revocations revocations = new Revocations();
  private final UUID tenant = UUID.randomUUID();
  private final UUID alice = UUID.randomUUID();

  private Caller caller(long revocation) {
    return new Caller(tenant, alice, Kind.USER, Set.of(), Set.of(), "cred-1", null, revocation);
  }

  private void revoke(long position, Revocation.Kind kind, Object subject) {
    revocations.add(new Revocation(position, kind, subject.toString(), NOW));
  }

  @Test
  void eachKindRefusesWhatWasIssuedBefore() {
    assertThat(revocations.refuse(caller(0))).isFalse();
    revoke(3, Revocation.Kind.CREDENTIAL, "cred-1");
    assertThat(revocations.refuse(caller(2))).isTrue();
    assertThat(revocations.refuse(caller(3))).as("issued knowing it").isFalse();
    revoke(5, Revocation.Kind.PRINCIPAL, alice);
    assertThat(revocations.refuse(caller(4))).isTrue();
    assertThat(revocations.refuse(caller(5))).isFalse();
    revoke(7, Revocation.Kind.TENANT, tenant);
    assertThat(revocations.refuse(caller(6))).isTrue();
    assertThat(revocations.refuse(caller(7))).isFalse();
    assertThat(revocations.position()).isEqualTo(7);
  }

  @Test
  void othersAreNotConcerned() {
    revoke(1, Revocation.Kind.CREDENTIAL, "cred-2");
    revoke(2, Revocation.Kind.PRINCIPAL, UUID.randomUUID());
    revoke(3, Revocation.Kind.TENANT, alice);
    assertThat(revocations.refuse(caller(0))).isFalse();
  }

  @Test
  void whatIsOlderThanEveryTokenIsForgotten() {
    revoke(1, Revocation.Kind.CREDENTIAL, "cred-1");
    revocations.forget(NOW);
    assertThat(revocations.refuse(caller(0))).isTrue();
    revocations.forget(NOW.plusSeconds(1));
    assertThat(revocations.refuse(caller(0))).isFalse();
    assertThat(revocations.position()).isEqualTo(1);
  }

  @Test
  void aTokenThatIsRememberedIsRefusedToo() {
    var key = SigningKey.generate();
    var clock = Clock.systemUTC();
    try (var verifier =
        new JwtVerifier(
            () -> List.of(key.publicJwk()),
            clock,
            Duration.ofMinutes(5),
            Duration.ofHours(1),
            revocations)) {
      var issuer = new TokenIssuer(key, clock, UUID::randomUUID);
      var old = issuer.issue(caller(0)).jwt();
      verifier.verify(old);
      revoke(1, Revocation.Kind.PRINCIPAL, alice);
      assertThatThrownBy(() -> verifier.verify(old)).isInstanceOf(ProblemException.class);
      assertThatThrownBy(() -> verifier.verify(old)).isInstanceOf(ProblemException.class);
      assertThat(verifier.verify(issuer.issue(caller(1)).jwt()).revocation()).isEqualTo(1);
    }
  }
}
