package dev.agentserver.allinone.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.allinone.data.StartFailure;
import dev.agentserver.kit.db.Ids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentKeysTest {
  @TempDir Path directory;

  @Test
  void keysAndTenantsAreKeptAndMoreAreAdded() throws IOException {
    var first = open(1);
    var more = open(3);
    assertThat(more.tenants()).hasSize(3).startsWith(first.tenants().getFirst());
    assertThat(open(1)).isEqualTo(more);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void theFileOfTheFirstVersionsIsTakenOver() throws IOException {
    var known = open(2);
    var old =
        Files.readString(file())
            .replaceFirst("\"platform_key\":\"[^\"]*\",", "\"signing_key\":\"{}\",");
    assertThat(old).contains("signing_key").doesNotContain("platform_key");
    Files.writeString(file(), old);

    var taken = open(1);

    assertThat(taken.tenants()).isEqualTo(known.tenants());
    assertThat(taken.serviceCredential()).isEqualTo(known.serviceCredential());
    assertThat(open(1)).as("the platform's key is kept from now on").isEqualTo(taken);
    assertThat(Files.readString(file())).doesNotContain("signing_key");
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    open(1);
    var whole = Files.readString(file());
    for (var damaged :
        List.of("", "{}", whole.replace("ag_service", "ag_"), whole.replace("tenant_id", "id"))) {
      Files.writeString(file(), damaged);
      assertThatThrownBy(() -> open(1))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining(DevelopmentKeys.FILE);
    }
  }

  @Test
  void everySecretIsAFileOfItsOwnAndStaysTheSame() throws IOException {
    var first = DevelopmentAccess.open(directory, 2);
    for (var name :
        List.of(
            "development-key",
            "development-key-2",
            "development-platform-key",
            "service-credential",
            "settings-key",
            "key-pepper")) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))))
          .as(name)
          .isEqualTo("rw-------");
    }
    assertThat(Files.readString(directory.resolve("development-key")).strip())
        .isEqualTo(first.firstKey());
    var again = DevelopmentAccess.open(directory, 1);
    assertThat(again.ofSettings()).isEqualTo(first.ofSettings());
    assertThat(again.ofOthers()).isEqualTo(first.ofOthers());
  }

  private Path file() {
    return directory.resolve(DevelopmentKeys.FILE);
  }

  private DevelopmentKeys open(int tenants) {
    return DevelopmentKeys.open(file(), tenants, Ids.uuidV7(Clock.systemUTC()));
  }
}
