package dev.agentserver.allinone.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.allinone.data.StartFailure;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentIdentityTest {
  @TempDir Path directory;

  @Test
  void theKeyOfATenantIsItsOwner() {
    var known = open(2);
    var owner = new DevelopmentIdentity(known).owner(key(known, 1));
    assertThat(owner.tenantId()).isEqualTo(known.tenants().get(1).id());
    assertThat(owner.kind()).isEqualTo(Caller.Kind.USER);
    assertThat(owner.roles()).containsExactly("TENANT_OWNER");
    assertThat(owner.mayAny("conversation:read")).isTrue();
    assertThat(owner.principalId())
        .isNotEqualTo(new DevelopmentIdentity(known).owner(key(known, 0)).principalId());
  }

  @Test
  void theCredentialOfTheServicesCarriesNoTenant() {
    var known = open(1);
    var service = new DevelopmentIdentity(known).service(known.serviceCredential().format());
    assertThat(service.tenantId()).isNull();
    assertThat(service.kind()).isEqualTo(Caller.Kind.SERVICE);
    assertThat(service.permissions()).isEmpty();
  }

  @Test
  void aWrongKeyIsNotKnown() {
    var known = open(1);
    var identity = new DevelopmentIdentity(known);
    var mine = known.tenants().getFirst().key();
    var guessed = new ApiKey("dev", mine.id(), "0".repeat(40)).format();
    var foreign = ApiKey.generate("dev", new SecureRandom()).format();
    for (var wrong : List.of("", "nonsense", mine.format() + "x", guessed, foreign)) {
      assertProblem(Problem.Unauthenticated.class, () -> identity.owner(wrong));
      assertProblem(Problem.Unauthenticated.class, () -> identity.service(wrong));
    }
    assertProblem(Problem.Unauthenticated.class, () -> identity.service(mine.format()));
  }

  @Test
  void anApplicationActsForItsUsersAsMembersUnlessItSaysOtherwise() {
    var known = open(1);
    var identity = new DevelopmentIdentity(known);
    var owner = identity.owner(key(known, 0));
    var alice = identity.onBehalfOf(owner, "alice", List.of());
    assertThat(alice.roles()).containsExactly("MEMBER");
    assertThat(alice.tenantId()).isEqualTo(owner.tenantId());
    assertThat(alice.may("conversation:write")).isTrue();
    assertThat(alice.mayAny("conversation:read")).isFalse();
    assertThat(identity.onBehalfOf(owner, "alice", List.of("VIEWER")).principalId())
        .isEqualTo(alice.principalId());
    assertThat(identity.onBehalfOf(owner, "bob", List.of()).principalId())
        .isNotEqualTo(alice.principalId());
  }

  @Test
  void nobodyGivesWhatHeDoesNotHave() {
    var known = open(1);
    var identity = new DevelopmentIdentity(known);
    var owner = identity.owner(key(known, 0));
    var admin = identity.onBehalfOf(owner, "admin", List.of("ADMIN"));
    var member = identity.onBehalfOf(owner, "member", List.of());
    var service = identity.service(known.serviceCredential().format());
    assertThat(identity.onBehalfOf(admin, "x", List.of("MEMBER", "VIEWER")).roles())
        .isEqualTo(Set.of("MEMBER", "VIEWER"));
    assertProblem(
        Problem.Denied.class, () -> identity.onBehalfOf(admin, "x", List.of("TENANT_OWNER")));
    assertProblem(Problem.Denied.class, () -> identity.onBehalfOf(member, "x", List.of()));
    assertProblem(Problem.Denied.class, () -> identity.onBehalfOf(service, "x", List.of()));
    for (var none : List.of("SERVICE", "UNSPECIFIED", "king")) {
      assertProblem(Problem.Invalid.class, () -> identity.onBehalfOf(owner, "x", List.of(none)));
    }
  }

  @Test
  void keysAndTenantsAreKeptAndMoreAreAdded() throws IOException {
    var first = open(1);
    var more = open(3);
    assertThat(more.tenants()).hasSize(3).startsWith(first.tenants().getFirst());
    assertThat(open(1).tenants()).isEqualTo(more.tenants());
    assertThat(more.signingKey().publicJwk()).isEqualTo(first.signingKey().publicJwk());
    assertThat(more.serviceCredential()).isEqualTo(first.serviceCredential());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    open(1);
    var whole = Files.readString(file());
    for (var damaged :
        List.of("", "{}", whole.replace("ag_service", "ag_"), whole.replace("P-256", "P-1"))) {
      Files.writeString(file(), damaged);
      assertThatThrownBy(() -> open(1))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("development-identity.json");
    }
  }

  private Path file() {
    return directory.resolve("development-identity.json");
  }

  private IdentityFile open(int tenants) {
    return IdentityFile.open(file(), tenants, Ids.uuidV7(Clock.systemUTC()));
  }

  private static String key(IdentityFile known, int tenant) {
    return known.tenants().get(tenant).key().format();
  }

  private static void assertProblem(Class<? extends Problem> kind, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ProblemException.class, raised -> assertThat(raised.problem()).isInstanceOf(kind));
  }
}
