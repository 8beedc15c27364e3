package dev.agentserver.commandline.source;

import static dev.agentserver.commandline.source.Taken.kept;
import static dev.agentserver.commandline.source.Taken.texts;
import static dev.agentserver.commandline.source.Taken.turn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.commandline.history.History;
import dev.agentserver.commandline.history.Kept;
import dev.agentserver.commandline.history.Marks;
import dev.agentserver.conversation.v1.Message.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatGptSourceTest {
  private static final Path FILE = Taken.resource("chatgpt.json");

  private Taken taken;
  private History odd;

  @BeforeEach
  void read() throws IOException {
    taken = Taken.of(new ChatGptSource(FILE));
    odd = taken.histories.getFirst();
  }

  @Test
  void allBranchesAreKeptInTheOrderOfSiblings() {
    assertThat(Taken.oldIds(odd))
        .containsExactly("sys", "q1", "a2", "t1", "th", "a3", "a1", "q1b", "orphan");
    assertThat(turn(odd, "a1").parent()).isEqualTo(turn(odd, "q1").id());
    assertThat(turn(odd, "sys").parent()).isNull();
  }

  @Test
  void aNodeWithoutAMessageIsPassedOver() {
    assertThat(turn(odd, "t1").parent()).isEqualTo(turn(odd, "a2").id());
    assertThat(odd.marks().current())
        .as("current_node has no message")
        .isEqualTo(turn(odd, "a2").id());
  }

  @Test
  void itsReaderIsWhereCurrentNodeIs() {
    assertThat(odd.telling().current()).isEqualTo(turn(odd, "a2").id());
    assertThat(odd.telling().archived()).isFalse();
    assertThat(taken.histories.get(1).telling()).as("nothing to tell").isEqualTo(Marks.NONE);
  }

  @Test
  void aUuidStaysTheIdAndAnyOtherIsTheExternalId() {
    assertThat(odd.id()).hasToString("9f6b1d4e-0000-4000-8000-000000000001");
    assertThat(odd.externalId()).isEmpty();
    assertThat(taken.histories.get(1).externalId()).isEqualTo("no-uuid");
    assertThat(taken.histories.get(1).id().version()).isEqualTo(5);
  }

  @Test
  void timesAreExactToTheMicrosecond() {
    assertThat(odd.createdAt()).isEqualTo(Instant.parse("2023-11-14T22:13:20.123456Z"));
    assertThat(odd.metadata()).containsEntry(Kept.UPDATED_AT, "2023-11-14T22:28:20.500Z");
    assertThat(turn(odd, "sys").draft().getCreatedAt().getNanos())
        .as("a message without a time is as old as what it answers")
        .isEqualTo(123_456_000);
    assertThat(taken.histories.get(1).metadata()).containsKey(Kept.UNTIMED);
  }

  @Test
  void aHiddenMessageIsMarked() {
    assertThat(turn(odd, "sys").draft().getMetadataMap()).containsEntry("import.hidden", "true");
    assertThat(turn(odd, "a1").draft().getMetadataMap()).doesNotContainKey("import.hidden");
  }

  @Test
  void textAndPicturesAreParts() {
    assertThat(texts(turn(odd, "q1"))).containsExactly("What is in\uFFFD the picture?");
    assertThat(texts(turn(odd, "q1b"))).containsExactly("Asked in other words \uFFFD");
    var picture = Kept.json(turn(odd, "q1").draft().getParts(0).getData()).path("chatgpt");
    assertThat(picture.path("asset_pointer").asText()).isEqualTo("file-service://file-1");
    assertThat(picture.path("size_bytes").decimalValue())
        .as("more digits than a double has")
        .isEqualByComparingTo("12345678901234567890");
  }

  @Test
  void whatIsAddressedToAToolIsACallAndWhatTheToolSaysItsResult() {
    var call = turn(odd, "a2").draft().getParts(0).getToolCall();
    assertThat(call.getName()).isEqualTo("python");
    assertThat(Kept.json(call.getInput()).path("code").asText()).isEqualTo("print(1)");
    var result = turn(odd, "t1").draft();
    assertThat(result.getRole()).isEqualTo(Role.tool);
    assertThat(result.getParts(0).getToolResult().getToolCallId()).isEqualTo(call.getId());
    assertThat(Kept.json(result.getParts(0).getToolResult().getOutput()).path("text").asText())
        .isEqualTo("1");
  }

  @Test
  void thoughtsAreReasoning() {
    assertThat(turn(odd, "th").draft().getParts(0).getReasoning().getText())
        .isEqualTo("Look\n\nIt printed one.");
  }

  @Test
  void modelAndReasonOfTheEndAreFields() {
    var answer = turn(odd, "a1").draft();
    assertThat(answer.getModel()).isEqualTo("gpt-4o");
    assertThat(answer.getFinishReason()).isEqualTo("stop");
    assertThat(kept(turn(odd, "a1")).at("/metadata/finish_details/stop_tokens/0").asInt())
        .isEqualTo(200002);
  }

  @Test
  void whatIsNotUnderstoodIsKeptAndNoted() {
    assertThat(kept(turn(odd, "a3")).at("/content/beam/0").asDouble()).isEqualTo(1.5);
    assertThat(turn(odd, "a3").draft().getMetadataMap()).containsEntry("import.role", "critic");
    assertThat(kept(turn(odd, "sys")).at("/conversation/safe_urls/0").asText())
        .isEqualTo("https://example.org");
    assertThat(String.join("\n", odd.notes()))
        .contains("nobody", "critic", "hologram", "file-service://file-1");
  }

  @Test
  void whatIsNoConversationIsRefused() {
    assertThat(taken.refused).hasSize(1);
    assertThat(taken.histories).hasSize(2);
  }

  @Test
  void theZipSaysTheSame(@TempDir Path directory) throws IOException {
    var zip = directory.resolve("export.zip");
    try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("export/conversations.json"));
      Files.copy(FILE, out);
    }
    assertThat(Taken.of(new ChatGptSource(zip)).fingerprints()).isEqualTo(taken.fingerprints());
  }
}
