package dev.agentserver.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.ExchangedTokens;
import dev.agentserver.kit.identity.IssuedToken;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.identity.TokenIssuer;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TokenCacheTest {
  private static final Caller ALICE =
      new Caller(
          UUID.randomUUID(), UUID.randomUUID(), Caller.Kind.USER, Set.of(), Set.of(), "cred-1");

  private final AtomicInteger exchanges = new AtomicInteger();
  private final TokenCache cache =
      new TokenCache(
          credential -> {
            exchanges.incrementAndGet();
            if (credential.equals(new Credential.Key("bad"))) {
              throw Fault.unauthenticated("no");
            }
            return new IssuedToken("t", ALICE, Instant.now().plus(TokenIssuer.LIFETIME));
          },
          new ExchangedTokens(10, Clock.systemUTC(), new Revocations(), Runnable::run));

  @Test
  void theTokenOfAKeyIsKept() {
    cache.exchange(new Credential.Key("k"));
    cache.exchange(new Credential.Key("k"));

    assertThat(exchanges).hasValue(1);
  }

  @Test
  void theTokenOfAProvidersTokenIsKept() {
    cache.exchange(new Credential.Oidc("o"));
    cache.exchange(new Credential.Oidc("o"));

    assertThat(exchanges).hasValue(1);
  }

  @Test
  void theTokenOfATicketIsNotKept() {
    cache.exchange(new Credential.Ticket("t", "/a"));
    cache.exchange(new Credential.Ticket("t", "/a"));

    assertThat(exchanges).hasValue(2);
  }

  @Test
  void aRefusalIsNotKept() {
    for (var i = 0; i < 2; i++) {
      assertThatThrownBy(() -> cache.exchange(new Credential.Key("bad"))).isInstanceOf(Fault.class);
    }

    assertThat(exchanges).hasValue(2);
  }

  @Test
  void aCredentialPrintsWithoutItsSecret() {
    assertThat(new Credential.Key("secret")).asString().doesNotContain("secret");
    assertThat(new Credential.Oidc("secret")).asString().doesNotContain("secret");
    assertThat(new Credential.Ticket("secret", "/a")).asString().doesNotContain("secret");
  }
}
