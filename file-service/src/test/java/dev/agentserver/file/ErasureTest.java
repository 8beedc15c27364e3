package dev.agentserver.file;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.erasure.Erased;
import dev.agentserver.kit.erasure.Tally;
import io.grpc.Status.Code;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ErasureTest extends ServiceTest {
  private final UUID tenant = UUID.randomUUID();

  @Test
  void aUsersFilesGoAndWhatOthersHaveOfTheSameStays() {
    var ann = service.person(tenant, "MEMBER");
    var ben = service.person(tenant, "MEMBER");
    var gone = ann.upload("mine", "shared by two");
    ann.upload("other", "hers alone");
    var kept = ben.upload("his", "shared by two");
    erase(ann.caller().principalId());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> ann.get(gone.getId()));
    assertThat(ben.text(kept)).isEqualTo("shared by two");
    assertNothingRemains(ann.caller().principalId());
    service.sweep();
    assertOneTruth();
  }

  @Test
  void aTenantLeavesNoRowAndNoObject() {
    var ann = service.person(tenant, "MEMBER");
    ann.upload("a", "a");
    ann.upload("b", "b");
    var others = alice.upload("others", "of another tenant");
    erase(null);
    assertNothingRemains(null);
    service.sweep();
    assertThat(service.store().keys()).noneMatch(key -> key.startsWith("files/" + tenant));
    assertThat(alice.text(others)).isEqualTo("of another tenant");
    assertOneTruth();
  }

  private void erase(@Nullable UUID user) {
    var step = service.domain().eraser().begin(new Erased(tenant, UUID.randomUUID(), user));
    var database = service.kit().database();
    while (database.write(db -> step.next(db, new Tally()))) {}
  }

  private void assertNothingRemains(@Nullable UUID user) {
    var rows = service.domain().rows();
    for (var table : rows.tables()) {
      assertThat(service.kit().database().<Long>read(db -> rows.remaining(db, table, tenant, user)))
          .as(table.getName())
          .isZero();
    }
  }
}
