package dev.agentserver.commandline.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.settings.v1.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnersTest {
  private static final String ANNA = "0199a000-0000-7000-8000-00000000000a";
  private static final String BEN = "0199a000-0000-7000-8000-00000000000b";

  @TempDir private Path directory;

  private final Owners owners =
      Owners.of(
          List.of(
              User.newBuilder().setId(ANNA).setEmail("anna@example.org").build(),
              User.newBuilder().setId(BEN).build()));

  @Test
  void whoIsKnownHereByTheSameIdOrAddressNeedsNoLine() {
    assertThat(owners.of("anna@example.org")).contains(ANNA);
    assertThat(owners.of(BEN.toUpperCase(Locale.ROOT))).contains(BEN);
    assertThat(owners.of("u1")).isEmpty();
    assertThat(owners.of("")).as("no address is nobody's").isEmpty();
  }

  @Test
  void aLineSaysWhoSomebodyIs() throws IOException {
    var file =
        Files.writeString(directory.resolve("f"), "# who\n\nu1, anna@example.org\nu2," + BEN);
    var known = owners.with(file);
    assertThat(known.of("u1")).contains(ANNA);
    assertThat(known.of("u2")).contains(BEN);
  }

  @Test
  void theFirstLineSaysWhoSomebodyWasAndWhoHasNoneKeepsTheId() throws IOException {
    var file = Files.writeString(directory.resolve("f"), "u1,anna@example.org\nu3," + ANNA);
    var known = owners.with(file);
    assertThat(known.there(ANNA)).isEqualTo("u1");
    assertThat(known.there(BEN)).isEqualTo(BEN);
  }

  @Test
  void aLineThatNamesNobodyIsRefused() throws IOException {
    var file = Files.writeString(directory.resolve("f"), "u1,nobody@example.org\n");
    assertThatThrownBy(() -> owners.with(file)).hasMessageContaining("u1,nobody@example.org");
  }
}
