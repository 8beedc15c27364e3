package dev.agentserver.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
  @TempDir Path root;

  @Test
  void draftsAndHalfUploadsGoAndAllElseStays() throws IOException {
    var whole = UUID.randomUUID();
    var aborted = UUID.randomUUID();
    var completed = UUID.randomUUID();
    var kept =
        List.of(
            "tenant/" + UUID.randomUUID(),
            ".mpus-%s-tenant/key-1".formatted(whole),
            ".mpus-%s-tenant/key-stub".formatted(whole),
            ".s3proxy-mpu-stub-" + whole);
    var gone =
        List.of(
            "tenant/%s-%s".formatted(UUID.randomUUID(), UUID.randomUUID()),
            ".mpus-%s-tenant/key-2-%s".formatted(whole, UUID.randomUUID()),
            ".s3proxy-mpu-stub-%s-%s".formatted(whole, UUID.randomUUID()),
            ".mpus-%s-tenant/key-1".formatted(aborted),
            ".s3proxy-mpu-stub-" + completed);
    for (var name : kept) {
      write(name);
    }
    for (var name : gone) {
      write(name);
    }

    Leftovers.remove(root);

    assertThat(kept).allSatisfy(name -> assertThat(bucket().resolve(name)).exists());
    assertThat(gone).allSatisfy(name -> assertThat(bucket().resolve(name)).doesNotExist());
  }

  private void write(String name) throws IOException {
    var file = bucket().resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "bytes");
  }

  private Path bucket() {
    return root.resolve("bucket");
  }
}
