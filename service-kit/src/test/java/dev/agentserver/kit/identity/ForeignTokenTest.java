package dev.agentserver.kit.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignTokenTest {
  private final SigningKey key = SigningKey.generate();
  private final Caller alice =
      new Caller(
          UUID.randomUUID(), UUID.randomUUID(), Caller.Kind.USER, Set.of(), Set.of(), "cred-1");

  @Test
  void whatWeSignIsOurs() {
    var clock = Clock.systemUTC();
    var token = new TokenIssuer(key, clock, UUID::randomUUID).issue(alice).jwt();
    var ticket = new TicketIssuer(key, clock, UUID::randomUUID).issue(alice, "/a").text();

    assertThat(ForeignToken.is(token)).isFalse();
    assertThat(ForeignToken.is(ticket)).isFalse();
  }

  @Test
  void whatSaysSoIsAnothers() {
    var claims = new JWTClaimsSet.Builder().issuer("https://a.example").build();

    assertThat(ForeignToken.is(new PlainJWT(claims).serialize())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b.c", "a.e30.c", "a.e30", "a.b.c.d.e", "a.\u00e4.c"})
  void whatIsNoTokenIsNobodys(String text) {
    assertThat(ForeignToken.is(text)).isFalse();
  }
}
