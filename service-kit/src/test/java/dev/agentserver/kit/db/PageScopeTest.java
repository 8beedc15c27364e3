package dev.agentserver.kit.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.common.v1.PageToken;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.TestIdentity;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageScopeTest {
  private static final UUID TENANT = UUID.randomUUID();
  private static final Caller ALICE = TestIdentity.user(TENANT, "MEMBER");
  private static final PageScope SCOPE = new PageScope(ALICE, "kit.Test/List", "archived=true");

  @Test
  void aTokenComesBackAsThePositionItWasMadeOf() {
    var position = List.of("2026-01-01T00:00:00Z", "ä", "");
    assertThat(SCOPE.position(SCOPE.token(position))).contains(position);
  }

  @Test
  void theFirstPageHasNoToken() {
    assertThat(SCOPE.position("")).isEmpty();
  }

  @Test
  void aTokenIsGoodOnlyForItsCallerItsMethodAndItsFilter() {
    var token = SCOPE.token(List.of("1"));
    for (var other :
        List.of(
            new PageScope(TestIdentity.user(TENANT, "MEMBER"), SCOPE.method(), SCOPE.filter()),
            new PageScope(
                TestIdentity.user(UUID.randomUUID(), ALICE.principalId(), "MEMBER"),
                SCOPE.method(),
                SCOPE.filter()),
            new PageScope(ALICE, "kit.Test/Other", SCOPE.filter()),
            new PageScope(ALICE, SCOPE.method(), "archived=false"))) {
      assertRefused(() -> other.position(token));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "????", "AAAA", "CgE", "not base64 at all", "ä"})
  void aDamagedTokenIsRefused(String token) {
    assertRefused(() -> SCOPE.position(token));
  }

  @Test
  void aTokenWithoutScopeIsRefused() {
    var forged = PageToken.newBuilder().addPosition("1").build().toByteArray();
    assertRefused(() -> SCOPE.position(Base64.getUrlEncoder().encodeToString(forged)));
  }

  @Test
  void aPositionThatCannotBeReadIsRefused() {
    var token = SCOPE.token(List.of("yesterday"));
    assertRefused(() -> SCOPE.position(token, keys -> Instant.parse(keys.getFirst())));
    assertRefused(() -> SCOPE.position(token, keys -> UUID.fromString(keys.getFirst())));
    assertRefused(() -> SCOPE.position(token, keys -> keys.get(1)));
  }

  @Test
  void sizesAreCoercedAndNegativeOnesRefused() {
    assertThat(PageScope.size(0, 50, 200)).isEqualTo(50);
    assertThat(PageScope.size(7, 50, 200)).isEqualTo(7);
    assertThat(PageScope.size(Integer.MAX_VALUE, 50, 200)).isEqualTo(200);
    assertThatThrownBy(() -> PageScope.size(-1, 50, 200))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.problem()).isInstanceOf(Problem.Invalid.class));
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused ->
                assertThat(refused.problem())
                    .isInstanceOfSatisfying(
                        Problem.Refused.class,
                        problem -> assertThat(problem.reason()).isEqualTo("INVALID_PAGE_TOKEN")));
  }
}
