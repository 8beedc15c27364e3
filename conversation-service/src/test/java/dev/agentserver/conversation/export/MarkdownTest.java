package dev.agentserver.conversation.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.export.Exported.Parent;
import dev.agentserver.conversation.message.Attachment;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.Message.Place;
import dev.agentserver.conversation.message.Origin;
import dev.agentserver.conversation.message.Part;
import dev.agentserver.conversation.message.Role;
import dev.agentserver.conversation.message.State;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MarkdownTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  private static Exported message(int branch, int depth, Role role, State state, Part... parts) {
    var message =
        new Message(
            UUID.randomUUID(),
            UUID.randomUUID(),
            new Place(branch, depth, 1),
            role,
            state,
            state == State.INCOMPLETE ? "CANCELLED" : "",
            List.of(parts),
            1,
            role == Role.USER
                ? List.of(new Attachment(UUID.randomUUID(), "a\nb.pdf", "application/pdf", 5, null))
                : List.of(),
            UUID.randomUUID(),
            new Origin(null, null, role == Role.ASSISTANT ? "m-1" : "", "", null, null, null),
            null,
            null,
            Map.of(),
            1,
            NOON,
            NOON);
    return new Exported(message, depth == 0 ? null : new Parent(UUID.randomUUID(), 0, depth - 1));
  }

  @Test
  void aPersonReadsWhoSaidWhatAndToolsAreFolded() {
    var file = new MarkdownFile();
    assertThat(file.message(message(0, 0, Role.USER, State.COMPLETE, new Part.Text("rice?"))))
        .isEqualTo(
            """

            ## 1. User · 2026-01-02 12:00:00 UTC

            rice?

            - Attachment: a b.pdf (application/pdf)
            """);
    var call = new Part.ToolCall("c1", "<look>", "{\"q\":\"```\"}", "");
    var result = new Part.ToolResult("c1", "[1]", false);
    assertThat(file.message(message(0, 1, Role.ASSISTANT, State.COMPLETE, call, result)))
        .isEqualTo(
            """

            ## 2. Assistant (m-1) · 2026-01-02 12:00:00 UTC

            <details>
            <summary>Tool call: &lt;look&gt;</summary>

            ````json
            {"q":"```"}
            ````

            </details>

            <details>
            <summary>Tool result</summary>

            ```json
            [1]
            ```

            </details>
            """);
  }

  @Test
  void aBranchSaysWhereItGoesOnFrom() {
    var file = new MarkdownFile();
    file.message(message(0, 0, Role.USER, State.COMPLETE));
    assertThat(file.message(message(1, 3, Role.SYSTEM, State.INCOMPLETE, new Part.Text("so"))))
        .isEqualTo(
            """

            ---

            *Branch 1, after 3:*

            ## 4 (branch 1). System · 2026-01-02 12:00:00 UTC

            so

            *cut short: CANCELLED*
            """);
    assertThat(file.message(message(2, 0, Role.TOOL, State.COMPLETE)))
        .contains("*Branch 2, another beginning:*", "## 1 (branch 2). Tool · ");
  }

  @Test
  void aBlockOfCodeThatWasCutShortEndsWithItsMessage() {
    assertThat(Fence.closed("a\n```java\nint i")).isEqualTo("a\n```java\nint i\n```");
    assertThat(Fence.closed("~~~~\n~~~\n")).isEqualTo("~~~~\n~~~\n~~~~");
  }

  @Test
  void wholeBlocksOfCodeStayAsTheyAre() {
    for (var text :
        List.of(
            "```java\nint i;\n```",
            "````\n```\ninside\n```\n````\nafter",
            "  ```\n  x\n  ```  ",
            "```one line```",
            "no `code` at all",
            "    ```\nindented by four is no fence",
            "")) {
      assertThat(Fence.closed(text)).isEqualTo(text);
    }
  }
}
