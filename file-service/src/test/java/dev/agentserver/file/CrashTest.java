package dev.agentserver.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.file.object.PartPool;
import dev.agentserver.file.test.TestStore;
import dev.agentserver.file.v1.DeleteFileRequest;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.test.Await;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// A process dies at each step of what it does to the store, one after the other. After one sweep
/// by another there is one truth again, and everything that was acknowledged is there.
class CrashTest extends ServiceTest {
  private static final int PARTS = TestStore.config().buffers();

  /// What no handler catches.
  private static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death(String step) {
      super(step, null, false, false);
    }
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final Urls urls = new Urls(client);

  @AfterAll
  void close() {
    client.close();
  }

  @Test
  void afterADeathAtAnyStepAndOneSweepThereIsAnObjectForEachReadyBlobAndNoOther() {
    var steps = 0;
    while (dies(steps + 1)) {
      steps++;
    }
    // Two small uploads, one in parts and one by URL; the second copy and two files are deleted.
    assertThat(steps).isGreaterThanOrEqualTo(25);
  }

  /// Whether there was such a step.
  private boolean dies(int at) {
    var acknowledged = new HashMap<String, String>();
    var before = alice.upload("before", "before " + at);
    acknowledged.put(before.getId(), "before " + at);
    var died = dieing(at, process -> journey(process, acknowledged, at));
    service.expireUploads();
    service.sweep();
    assertOneTruth();
    acknowledged.forEach(
        (id, text) ->
            assertThat(new String(reader().download(id, 0, 0), StandardCharsets.UTF_8))
                .isEqualTo(text));
    return died;
  }

  private Person reader() {
    return service.person(TENANT, "TENANT_OWNER");
  }

  private void journey(Harness process, Map<String, String> acknowledged, int at) {
    var carol = process.person(TENANT, "MEMBER");
    var one = upload(carol, UUID.randomUUID(), "one " + at, acknowledged);
    var two = upload(carol, UUID.randomUUID(), "one " + at, acknowledged);
    upload(carol, UUID.randomUUID(), "x".repeat(PartPool.LEAST) + at, acknowledged);
    byUrl(carol, "by url " + at, acknowledged);
    delete(carol, one, acknowledged);
    delete(carol, two, acknowledged);
  }

  private static File upload(
      Person person, UUID id, String text, Map<String, String> acknowledged) {
    var file =
        person.upload(
            UploadHeader.newBuilder().setFileId(id.toString()).setFilename("f"),
            text.getBytes(StandardCharsets.UTF_8));
    acknowledged.put(file.getId(), text);
    return file;
  }

  private void byUrl(Person person, String text, Map<String, String> acknowledged) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var created = urls.create(person, UploadHeader.newBuilder().setSize(bytes.length));
    urls.put(created, bytes);
    acknowledged.put(urls.finish(person, created).getId(), text);
  }

  private static void delete(Person person, File file, Map<String, String> acknowledged) {
    // From here on nobody was promised that it is there.
    acknowledged.remove(file.getId());
    person.files().deleteFile(DeleteFileRequest.newBuilder().setFileId(file.getId()).build());
  }

  @Test
  void aSweepMayDieAtAnyStepToo() {
    var at = 0;
    do {
      at++;
      garbage(at);
    } while (dieing(at, Harness::sweep) && isWholeAfterOneSweepMore());
    assertThat(at).isGreaterThan(6);
    assertOneTruth();
  }

  private boolean isWholeAfterOneSweepMore() {
    service.sweep();
    assertOneTruth();
    return true;
  }

  /// Every kind of it.
  private void garbage(int at) {
    var store = service.store();
    store.leave("files/" + TENANT + "/nobodys" + at, new byte[at]);
    store.leaveParts("files/" + TENANT + "/parts" + at);
    // An upload whose process died when its object was there and nobody had been told.
    service.sql(
        "insert into blob values ('%1$s', gen_random_uuid(), 'bucket', 'files/%1$s/broken%2$d', 'WRITING', 0, null, 0, now(), now())"
            .formatted(TENANT, at));
    store.leave("files/" + TENANT + "/broken" + at, new byte[at]);
    var unwanted = alice.upload("unwanted", "unwanted " + at);
    store.onStep(step -> fail(step.equals("before delete")));
    alice.files().deleteFile(DeleteFileRequest.newBuilder().setFileId(unwanted.getId()).build());
    store.onStep(_ -> {});
  }

  private static void fail(boolean fails) {
    if (fails) {
      throw new Problem.Unavailable("object-store", Duration.ofSeconds(1)).raise();
    }
  }

  /// Lets a process die at a step: from then on it reaches neither the database nor the store.
  /// Returns whether it came so far.
  private boolean dieing(int at, Consumer<Harness> work) {
    var seen = new AtomicInteger();
    try (var process = service.beside()) {
      var store = process.store();
      store.onStep(
          step -> {
            if (seen.incrementAndGet() == at) {
              store.die();
              process.kit().database().close();
            }
            if (seen.get() >= at) {
              throw new Death(step);
            }
          });
      try {
        work.accept(process);
        return false;
      } catch (StatusRuntimeException | Death died) {
        // What it had sent arrives, whoever is there to hear of it; it was filling one part more.
        Await.until("nothing is on its way", () -> store.buffers().available() >= PARTS - 1);
        return true;
      }
    }
  }
}
