package dev.agentserver.settings.secret.wrapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentserver.kit.config.Secret;
import dev.agentserver.settings.secret.KeyWrapper;
import dev.agentserver.settings.secret.Undecryptable;
import dev.agentserver.settings.secret.WrappedKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every master key does, wherever it is kept, and what those that lie here do besides.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyWrapperTest {
  private static final byte[] DATA_KEY = "0123456789abcdef0123456789abcdef".getBytes();
  private static final String ONE = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
  private static final String OTHER = "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=";

  @TempDir static Path directory;
  private FakeVault vault;

  @BeforeAll
  void start() {
    vault = new FakeVault("agentserver");
  }

  @AfterAll
  void stop() {
    vault.close();
  }

  Stream<KeyWrapper> all() {
    return Stream.concat(Stream.of(new EnvironmentKey(new Secret(ONE))), rotating());
  }

  Stream<KeyWrapper> rotating() {
    return Stream.of(KeysetFile.open(directory.resolve("keys.json")), vault.client());
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatIsWrappedIsUnwrappedAndNothingElse(KeyWrapper key) {
    var wrapped = key.wrap(DATA_KEY);
    assertThat(wrapped.keyId()).isEqualTo(key.id());
    assertThat(wrapped.version()).isEqualTo(key.newest());
    assertThat(key.unwrap(wrapped)).isEqualTo(DATA_KEY);
    assertThat(key.wrap(DATA_KEY).bytes()).isNotEqualTo(wrapped.bytes());
    for (var index = 0; index < wrapped.bytes().length; index++) {
      var changed = wrapped.bytes().clone();
      changed[index] ^= 1;
      assertUndecryptable(key, new WrappedKey(key.id(), wrapped.version(), changed));
    }
    var shorter = Arrays.copyOf(wrapped.bytes(), 3);
    assertUndecryptable(key, new WrappedKey(key.id(), wrapped.version(), shorter));
    assertUndecryptable(key, new WrappedKey(key.id(), 99, wrapped.bytes()));
    assertUndecryptable(key, new WrappedKey(key.id(), 1, new byte[0]));
  }

  @ParameterizedTest
  @MethodSource("rotating")
  void anOldVersionStaysUntilItIsDestroyed(KeyWrapper key) {
    var old = key.wrap(DATA_KEY);
    var newest = key.rotate();
    assertThat(newest).isEqualTo(old.version() + 1).isEqualTo(key.newest());
    assertThat(key.unwrap(old)).isEqualTo(DATA_KEY);
    var again = key.rewrap(old);
    assertThat(again.version()).isEqualTo(newest);
    assertThat(key.unwrap(again)).isEqualTo(DATA_KEY);
    key.destroyThrough(old.version());
    key.destroyThrough(old.version());
    assertUndecryptable(key, old);
    assertThat(key.unwrap(again)).isEqualTo(DATA_KEY);
    assertThat(key.newest()).isEqualTo(newest);
  }

  private static void assertUndecryptable(KeyWrapper key, WrappedKey wrapped) {
    assertThatExceptionOfType(Undecryptable.class).isThrownBy(() -> key.unwrap(wrapped));
  }

  @Test
  void anotherKeyOfTheEnvironmentIsAnotherKey() {
    var one = new EnvironmentKey(new Secret(ONE));
    var other = new EnvironmentKey(new Secret(OTHER));
    assertThat(one.id()).startsWith("env-").isNotEqualTo(other.id());
    assertThat(new EnvironmentKey(new Secret(ONE)).id()).isEqualTo(one.id());
    var wrapped = one.wrap(DATA_KEY);
    assertUndecryptable(other, wrapped);
  }

  @Test
  void theFileIsItsOwnersAndProcessesSeeEachOthersVersions() throws IOException {
    var path = directory.resolve("shared.json");
    var one = KeysetFile.open(path);
    var other = KeysetFile.open(path);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    assertThat(other.id()).isEqualTo(one.id());
    one.rotate();
    var wrapped = one.wrap(DATA_KEY);
    assertThat(other.unwrap(wrapped)).isEqualTo(DATA_KEY);
    // Two that rotate at once make two versions, not one that overwrites the other.
    List.of(one, other).parallelStream().forEach(KeysetFile::rotate);
    assertThat(one.newest()).isEqualTo(4).isEqualTo(other.newest());
    assertThat(Files.readString(path)).contains("\"keyset\"");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeysetFile.open(path))
        .withMessageContaining("chmod 600");
  }

  @Test
  void aFileThatIsLostIsReplacedByAnotherKeyAndADamagedOneIsNotQuoted() throws IOException {
    var path = directory.resolve("lost.json");
    var lost = KeysetFile.open(path);
    Files.delete(path);
    assertThat(KeysetFile.open(path).id()).isNotEqualTo(lost.id());
    Files.writeString(path, "{\"id\": \"file-1\", \"keyset\": {\"sesame\": 1}}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeysetFile.open(path))
        .withMessageContaining("KEYSET_FILE")
        .withMessageNotContaining("sesame")
        .withNoCause();
  }
}
