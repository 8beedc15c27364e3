package dev.agentserver.allinone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  private static final int MAJOR = 18;

  @TempDir Path temporary;

  @Test
  void aNewDirectoryIsPrivateAndSaysWhichVersionsWroteIt() throws IOException {
    var path = temporary.resolve("a/b");
    try (var data = DataDirectory.open(path, MAJOR)) {
      assertThat(data.path("version")).content().isEqualTo("format=1\npostgresql=18\n");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rwx------");
    }
    DataDirectory.open(path, MAJOR).close();
  }

  @Test
  void aDirectoryInUseIsRefused() {
    try (var first = DataDirectory.open(temporary, MAJOR)) {
      assertThat(first.path("lock")).exists();
      assertRefused("Another Agent Server", "--data");
    }
  }

  @Test
  void anotherFormatIsRefused() throws IOException {
    write("version", "format=2\npostgresql=18\n");
    assertRefused("format is 2", "reads 1");
  }

  @Test
  void anotherMajorVersionOfPostgresIsRefused() throws IOException {
    write("version", "format=1\npostgresql=17\n");
    assertRefused("written by PostgreSQL 17", "brings PostgreSQL 18");
  }

  @Test
  void aDamagedVersionIsNamed() throws IOException {
    write("version", "\0\0\0\0");
    assertRefused("damaged", "format");
  }

  @Test
  void aForeignDirectoryIsLeftAlone() throws IOException {
    write("thesis.txt", "all of it");
    assertRefused("is not a data directory", "thesis.txt");
    assertThat(temporary.resolve("version")).doesNotExist();
  }

  @Test
  void aFileIsNoDirectory() throws IOException {
    var file = Files.createFile(temporary.resolve("file"));
    assertThatThrownBy(() -> DataDirectory.open(file, MAJOR))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("is not a directory");
  }

  @Test
  void aPlaceThatCannotBeMadeIsNamed() throws IOException {
    var file = Files.createFile(temporary.resolve("file"));
    assertThatThrownBy(() -> DataDirectory.open(file.resolve("below"), MAJOR))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("cannot be used");
  }

  @Test
  void aPrivateFileIsReplacedWhole() throws IOException {
    var file = temporary.resolve("key");
    PrivateFile.write(file, "first");
    PrivateFile.write(file, "second");
    assertThat(PrivateFile.read(file)).contains("second");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PrivateFile.read(temporary.resolve("none"))).isEmpty();
  }

  @Test
  void aPrivateFileThatCannotBeWrittenOrReadIsNamed() throws IOException {
    var nowhere = temporary.resolve("none/key");
    assertThatThrownBy(() -> PrivateFile.write(nowhere, "x"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(nowhere.toString());
    var folder = Files.createDirectory(temporary.resolve("folder"));
    assertThatThrownBy(() -> PrivateFile.read(folder))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining(folder.toString());
  }

  @Test
  void aVersionThatCannotBeReadIsNamed() throws IOException {
    Files.createDirectory(temporary.resolve("version"));
    assertRefused("cannot be used");
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(temporary.resolve(name), content);
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(() -> DataDirectory.open(temporary, MAJOR))
        .isInstanceOf(StartFailure.class)
        .hasMessageContainingAll(parts);
  }
}
