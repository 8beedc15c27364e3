package dev.agentserver.file;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.file.file.NewFile;
import dev.agentserver.file.file.Purpose;
import dev.agentserver.file.object.PartPool;
import dev.agentserver.file.test.Bytes;
import dev.agentserver.file.upload.Continuation;
import dev.agentserver.kit.erasure.Erased;
import dev.agentserver.kit.erasure.Tally;
import dev.agentserver.kit.problem.ProblemException;
import io.grpc.Status.Code;
import java.util.OptionalLong;
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

  @Test
  void whoIsErasedInTheMiddleOfAnUploadLeavesNothing() {
    var ann = service.person(tenant, "MEMBER");
    var uploads = service.domain().resumables();
    var id = UUID.randomUUID();
    var bytes = Bytes.random(PartPool.LEAST + 1000, 1);
    var file =
        new NewFile(id, "f", "", Purpose.ATTACHMENT, "", OptionalLong.of(2L * bytes.length), false);
    uploads.create(ann.caller(), file, "");
    try (var first = resume(ann, id, 0)) {
      first.write(bytes, 0, bytes.length);
      first.finish();
    }
    try (var request = resume(ann, id, bytes.length)) {
      request.write(bytes, 0, 1000);
      erase(ann.caller().principalId());
      assertThatThrownBy(
              () -> {
                request.write(bytes, 1000, bytes.length - 1000);
                request.finish();
              })
          .isInstanceOf(ProblemException.class);
    }
    assertThatThrownBy(() -> uploads.get(ann.caller(), id)).isInstanceOf(ProblemException.class);
    service.expireUploads();
    service.sweep();
    assertNothingRemains(ann.caller().principalId());
    assertThat(service.column("select 1 from upload union all select 1 from upload_part"))
        .isEmpty();
    assertOneTruth();
  }

  private Continuation resume(Person person, UUID id, long offset) {
    return service
        .domain()
        .resumables()
        .resume(person.caller(), id, offset, OptionalLong.empty(), null, () -> {});
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
