package dev.agentserver.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.file.file.NewFile;
import dev.agentserver.file.file.Purpose;
import dev.agentserver.file.object.PartPool;
import dev.agentserver.file.test.Bytes;
import dev.agentserver.file.upload.ResumableUploads;
import dev.agentserver.kit.identity.Caller;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// A process dies at each step of a resumable upload. Whoever goes on by what another process says
/// was kept gets the whole file; whoever does not leaves nothing.
class TusCrashTest extends ServiceTest {
  private static final int PART = PartPool.LEAST;
  private static final int[] REQUESTS = {1000, PART, PART + 1000};

  private static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death(String step) {
      super(step, null, false, false);
    }
  }

  @Test
  void afterADeathAtAnyStepTheUploadGoesOnFromWhatWasKept() {
    var at = 0;
    do {
      at++;
    } while (diesAndGoesOn(at));
    // Tails, parts, the joining and the reading.
    assertThat(at).isGreaterThan(20);
  }

  private boolean diesAndGoesOn(int at) {
    var bytes = Bytes.random(2 * PART + 2000, at);
    var id = UUID.randomUUID();
    var left = UUID.randomUUID();
    create(service, left, bytes.length);
    create(service, id, bytes.length);
    var died =
        dieing(
            at,
            process -> {
              send(process, left, Arrays.copyOf(bytes, 1000), 0);
              send(process, id, bytes, 0);
            });
    var kept = uploads(service).get(caller(), id).received();
    if (kept < bytes.length) {
      send(service, id, bytes, Math.toIntExact(kept));
    }
    assertThat(alice.download(id.toString(), 0, 0)).isEqualTo(bytes);
    service.expireUploads();
    service.sweep();
    assertOneTruth();
    assertThat(service.column("select count(*) from upload")).containsExactly("0");
    return died;
  }

  private Caller caller() {
    return alice.caller();
  }

  private static ResumableUploads uploads(Harness process) {
    return process.domain().resumables();
  }

  private void create(Harness process, UUID id, long length) {
    uploads(process)
        .create(
            caller(),
            new NewFile(id, "f", "", Purpose.ATTACHMENT, "", OptionalLong.of(length), false),
            "");
  }

  /// The rest of the bytes, in some requests.
  private void send(Harness process, UUID id, byte[] bytes, int from) {
    var at = from;
    for (var n = 0; at < bytes.length; n++) {
      var count = Math.min(REQUESTS[n % REQUESTS.length], bytes.length - at);
      try (var request =
          uploads(process).resume(caller(), id, at, OptionalLong.empty(), null, () -> {})) {
        request.write(bytes, at, count);
        at += count;
        assertThat(request.finish().received()).isEqualTo(at);
      }
    }
  }

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
      } catch (Death died) {
        return true;
      }
    }
  }
}
