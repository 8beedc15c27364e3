package dev.agentserver.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateTest {
  @TempDir private Path scratch;
  private Path beneath;
  private Path own;
  private Path output;

  @BeforeEach
  void writeMigrations() throws IOException {
    beneath = Files.createDirectories(scratch.resolve("beneath"));
    own = Files.createDirectories(scratch.resolve("own/pets"));
    output = scratch.resolve("out");
    Files.writeString(
        beneath.resolve("V001__base.sql"), "create table base (id uuid primary key);");
    Files.writeString(beneath.resolve("U001__base.sql"), "drop table base;");
    Files.writeString(
        own.resolve("V001__pets.sql"),
        """
        create table pet (
          id uuid primary key references base (id), born_at timestamptz not null, words tsvector,
          form jsonb not null) partition by hash (id);
        create table pet_0 partition of pet for values with (modulus 1, remainder 0);
        create function count_pets() returns bigint language sql as 'select count(*) from pet';
        """);
  }

  @Test
  void onlyWhatTheLastDirectoryAddsIsGeneratedAndOnlyOnce() throws Exception {
    assertThat(run()).isTrue();
    var pet = Files.readString(output.resolve("pets/tables/Pet.java"));
    assertThat(pet).contains("OffsetDateTime").contains("JSONB").doesNotContain("WORDS");
    assertThat(output.resolve("pets/tables").toFile().list()).containsExactly("Pet.java");
    assertThat(Files.readString(output.resolve("pets/Routines.java"))).contains("countPets");
    assertThat(run()).as("nothing changed").isFalse();
    Files.writeString(own.resolve("V002__more.sql"), "alter table pet add column name text;");
    assertThat(run()).as("a migration was added").isTrue();
    assertThat(Files.readString(output.resolve("pets/tables/Pet.java"))).contains("NAME");
  }

  @Test
  void aMissingDirectoryIsNamed() {
    assertThatThrownBy(
            () -> Generate.main(new String[] {"pets", output.toString(), "/no/such/directory"}))
        .hasMessageContaining("/no/such/directory");
    assertThatThrownBy(() -> Generate.main(new String[] {"pets"})).hasMessageContaining("usage");
  }

  private boolean run() throws Exception {
    return Generate.run("pets", output, List.of(beneath, own.getParent()));
  }
}
