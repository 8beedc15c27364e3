package dev.agentserver.kit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketTest {
  private static final String PATH = "/v1/conversations/c-1:watch";

  private final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final SigningKey key = SigningKey.generate();
  private final TicketIssuer tickets = new TicketIssuer(key, clock, UUID::randomUUID);
  private final TokenIssuer tokens = new TokenIssuer(key, clock, UUID::randomUUID);
  private final TicketVerifier verifier = new TicketVerifier(() -> List.of(key.publicJwk()), clock);
  private final JwtVerifier tokenVerifier = new JwtVerifier(() -> List.of(key.publicJwk()), clock);

  @AfterEach
  void close() {
    verifier.close();
    tokenVerifier.close();
  }

  private static Caller alice(Instant expiresAt, String... permissions) {
    return new Caller(
        UUID.randomUUID(),
        UUID.randomUUID(),
        Kind.USER,
        Set.of("MEMBER"),
        Set.of(permissions),
        "cred-1",
        expiresAt,
        7);
  }

  private static void assertRefused(ThrowingCallable call, String reason, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ProblemException.class,
            raised ->
                assertThat(raised.problem())
                    .isEqualTo(new Problem.Unauthenticated(reason, message)));
  }

  @Test
  void aTicketIsItsCallerAsFarAsItReads() {
    var alice =
        alice(null, "conversation:read", "conversation:write", "audit:read_any", "token:issue");

    var reader = verifier.verify(tickets.issue(alice, PATH).text(), PATH);

    assertThat(reader.tenantId()).isEqualTo(alice.tenantId());
    assertThat(reader.principalId()).isEqualTo(alice.principalId());
    assertThat(reader.credentialId()).isEqualTo("cred-1");
    assertThat(reader.revocation()).as("what revokes the token revokes the ticket").isEqualTo(7);
    assertThat(reader.permissions())
        .containsExactlyInAnyOrder("conversation:read", "audit:read_any");
  }

  @Test
  void itIsGoodForAMinuteAsOftenAsItIsUsed() {
    var ticket = tickets.issue(alice(null), PATH);
    assertThat(ticket.expiresAt()).isEqualTo(clock.instant().plusSeconds(60));

    verifier.verify(ticket.text(), PATH);
    clock.move(Duration.ofSeconds(59));
    assertThat(verifier.verify(ticket.text(), PATH).expiresAt()).isEqualTo(ticket.expiresAt());
    clock.move(Duration.ofSeconds(1));
    assertRefused(
        () -> verifier.verify(ticket.text(), PATH), "TOKEN_EXPIRED", "the ticket has expired");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "/v1/conversations/c-2:watch", "/v1/conversations/c-1:watch/", "/v1"})
  void itIsGoodForItsPathOnly(String path) {
    var ticket = tickets.issue(alice(null), PATH).text();

    assertRefused(
        () -> verifier.verify(ticket, path), "UNAUTHENTICATED", "the ticket is for another path");
  }

  @Test
  void aTicketIsNoTokenAndATokenIsNoTicket() {
    var ticket = tickets.issue(alice(null), PATH).text();
    var token = tokens.issue(alice(null)).jwt();

    assertRefused(
        () -> tokenVerifier.verify(ticket), "UNAUTHENTICATED", "the token is for another audience");
    assertRefused(
        () -> verifier.verify(token, PATH),
        "UNAUTHENTICATED",
        "the ticket is for another audience");
  }

  @Test
  void nothingOutlivesWhatItWasMadeFrom() {
    var soon = clock.instant().plusSeconds(20);
    var ticket = tickets.issue(alice(soon), PATH);
    assertThat(ticket.expiresAt()).isEqualTo(soon);

    var token = tokens.issue(verifier.verify(ticket.text(), PATH));
    assertThat(token.expiresAt()).isEqualTo(soon);

    var next = tickets.issue(tokenVerifier.verify(token.jwt()), PATH);
    assertThat(next.expiresAt()).isEqualTo(soon);
  }

  @Test
  void aTicketOfAnotherKeyOrABrokenOneIsRefused() {
    var foreign = new TicketIssuer(SigningKey.generate(), clock, UUID::randomUUID);

    assertRefused(
        () -> verifier.verify(foreign.issue(alice(null), PATH).text(), PATH),
        "UNAUTHENTICATED",
        "the ticket names an unknown key");
    assertRefused(
        () -> verifier.verify("no.such.ticket", PATH),
        "UNAUTHENTICATED",
        "the ticket is malformed");
  }

  @Test
  void itIsNotPrinted() {
    var ticket = tickets.issue(alice(null), PATH);

    assertThat(ticket.toString()).doesNotContain(ticket.text()).contains("***");
  }
}
