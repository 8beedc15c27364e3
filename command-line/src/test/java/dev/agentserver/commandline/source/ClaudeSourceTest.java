package dev.agentserver.commandline.source;

import static dev.agentserver.commandline.source.Taken.kept;
import static dev.agentserver.commandline.source.Taken.texts;
import static dev.agentserver.commandline.source.Taken.turn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.commandline.history.History;
import dev.agentserver.commandline.history.Kept;
import dev.agentserver.conversation.v1.Message.Role;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClaudeSourceTest {
  private Taken taken;
  private History branched;

  @BeforeEach
  void read() throws IOException {
    taken = Taken.of(new ClaudeSource(Taken.resource("claude.json")));
    branched = taken.histories.getFirst();
  }

  @Test
  void parentsMakeBranches() {
    assertThat(Taken.oldIds(branched)).containsExactly("m1", "m2", "m3", "m4", "m5");
    assertThat(turn(branched, "m1").parent()).isNull();
    assertThat(turn(branched, "m3").parent()).isEqualTo(turn(branched, "m1").id());
    assertThat(turn(branched, "m4").parent()).isEqualTo(turn(branched, "m2").id());
  }

  @Test
  void anOldExportWithoutParentsIsOneLine() {
    var old = taken.histories.get(1);
    assertThat(old.externalId()).isEqualTo("old-one");
    assertThat(old.metadata()).containsKey(Kept.UNTITLED);
    assertThat(old.turns())
        .extracting(Taken::texts)
        .extracting(texts -> texts.getFirst())
        .containsExactly("First", "Second", "Third");
    assertThat(old.turns().get(2).parent()).isEqualTo(old.turns().get(1).id());
  }

  @Test
  void blocksAreParts() {
    var answer = turn(branched, "m2").draft();
    assertThat(answer.getParts(0).getReasoning().getText()).isEqualTo("Let me see.");
    assertThat(answer.getParts(0).getReasoning().getSignature()).isEqualTo("sig");
    assertThat(answer.getParts(1).getToolCall().getName()).isEqualTo("search");
    assertThat(answer.getParts(2).getToolResult().getToolCallId()).isEqualTo("toolu_1");
    assertThat(texts(turn(branched, "m2"))).containsExactly("Done.");
  }

  @Test
  void attachmentsAndFilesAreKeptAsTheyWere() {
    var kept = kept(turn(branched, "m1"));
    assertThat(kept.at("/attachments/0/extracted_content").asText()).isEqualTo("hello");
    assertThat(kept.at("/files/0/file_name").asText()).isEqualTo("b.png");
    assertThat(kept.at("/conversation/account/uuid").asText()).isEqualTo("acc-1");
  }

  @Test
  void whatIsLeftOfABlockIsKeptInItsPlace() {
    var kept = kept(turn(branched, "m2")).path("content");
    assertThat(kept.at("/0/summaries/0/summary").asText()).isEqualTo("seen");
    assertThat(kept.at("/3/citations/0/url").asText()).isEqualTo("https://example.org");
    assertThat(kept.at("/4/remaining").asInt()).isEqualTo(7);
  }

  @Test
  void whatIsOddIsNoted() {
    assertThat(turn(branched, "m5").draft().getRole()).isEqualTo(Role.assistant);
    assertThat(turn(branched, "m5").parent()).isEqualTo(turn(branched, "m4").id());
    assertThat(String.join("\n", branched.notes()))
        .contains("gremlin", "token_budget", "answers one that is not there");
    assertThat(taken.refused).hasSize(1);
  }

  @Test
  void timesAreKept() {
    assertThat(branched.createdAt()).isEqualTo(Instant.parse("2025-03-04T05:06:07.123456Z"));
    assertThat(branched.metadata()).containsEntry(Kept.UPDATED_AT, "2025-03-04T06:06:07Z");
  }
}
