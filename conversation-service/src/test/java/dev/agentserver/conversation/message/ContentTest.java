package dev.agentserver.conversation.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.conversation.tree.Anchor;
import dev.agentserver.kit.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ContentTest {
  @Test
  void theTextOfAMessageIsItsTextPartsJoinedByBlankLines() {
    List<Part> parts =
        List.of(
            new Part.Text("first"),
            new Part.ToolCall("c1", "search", "{\"q\":1}", ""),
            new Part.Reasoning("hidden", ""),
            new Part.Text("second"));
    assertThat(Content.text(parts)).isEqualTo("first\n\nsecond");
  }

  @Test
  void aTitleIsTheFirstWordsOnOneLine() {
    assertThat(Content.title("  How do I\n\tcook rice? ")).isEqualTo("How do I cook rice?");
    assertThat(Content.title("word ".repeat(40))).isEqualTo("word ".repeat(12).strip() + "…");
    assertThat(Content.title("")).isEmpty();
  }

  @Test
  void aTitleWithoutSpacesIsCutBetweenCharacters() {
    var title = Content.title("😀".repeat(100));
    assertThat(title).isEqualTo("😀".repeat(60) + "…");
  }

  @Test
  void aPreviewIsTwoHundredCharactersAndCutsNoneInTwo() {
    assertThat(Content.preview("😀".repeat(300))).isEqualTo("😀".repeat(200));
    assertThat(Content.preview("short")).isEqualTo("short");
  }

  @Test
  void whatListsShowIsOneLineWithoutTheMarksOfMarkdown() {
    assertThat(
            Content.preview(
                "# Rice\n\n> - **Wash** it, *well*, see [here](https://x.y/z)\n\tand `cook` it"))
        .isEqualTo("Rice Wash it, well, see here and cook it");
    assertThat(Content.preview("```java\nint i = 2 * 3 * 4;\n```\n"))
        .isEqualTo("int i = 2 * 3 * 4;");
    assertThat(Content.title("  ## What is `snake_case`, a*b*c, #1 and [1]?"))
        .isEqualTo("What is snake_case, a*b*c, #1 and [1]?");
    assertThat(Content.preview(" \n\t ")).isEmpty();
    assertThat(Content.title("```")).isEqualTo("```");
  }

  @Test
  void noCharacterIsCutInTwoAsPeopleSeeIt() {
    var family = "👨\u200D👩\u200D👧";
    assertThat(Content.preview("x" + family.repeat(50))).isEqualTo("x" + family.repeat(39));
    var accented = "e\u0301";
    assertThat(Content.title("x" + accented.repeat(100)))
        .isEqualTo("x" + accented.repeat(29) + "…");
    assertThat(Content.preview("e" + "\u0301".repeat(500))).hasSize(200);
  }

  @Test
  void partsSurviveTheDatabaseForm() {
    List<Part> parts =
        List.of(
            new Part.Text("a \"quoted\" line\n 测试 😀"),
            new Part.Reasoning("because", "sig=="),
            new Part.ToolCall("c1", "search", "{\"q\":[1,{\"deep\":null}]}", ""),
            new Part.ToolCall("c2", "now", "", "{\"cut"),
            new Part.ToolResult("c1", "[1,2]", true),
            new Part.ToolResult("c2", "\"text\"", false),
            new Part.ToolResult("c3", "", false),
            new Part.FileRef(UUID.randomUUID(), "a.pdf", "application/pdf"),
            new Part.Data("{\"card\":{\"n\":1}}"));
    assertThat(PartsJson.read(PartsJson.write(parts))).isEqualTo(parts);
    assertThat(PartsJson.read("[]")).isEmpty();
  }

  @Test
  void anUnknownKindOfPartInTheDatabaseIsSaid() {
    assertThatThrownBy(() -> PartsJson.read("[{\"hologram\":{\"x\":\"y\"}}]"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("hologram");
  }

  @Test
  void metadataSurvivesTheDatabaseForm() {
    var metadata = Map.of("a", "1", "b \"x\"", "测试");
    assertThat(MetadataJson.read(MetadataJson.write(metadata))).isEqualTo(metadata);
    assertThat(MetadataJson.read(MetadataJson.write(Map.of()))).isEmpty();
  }

  @Test
  void allPartsOfARequestTogetherAreBounded() {
    var half = "x".repeat(Content.MAX_BYTES / 2);
    Content.checkSize(List.of(draft("a.", half), draft("b.", half)));
    assertThatThrownBy(
            () ->
                Content.checkSize(
                    List.of(draft("messages[0].", half), draft("messages[1].", half + "x"))))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("messages[1].parts");
  }

  @Test
  void sizeCountsBytesOfEveryKindOfPart() {
    assertThat(
            Content.bytes(
                List.of(
                    new Part.Text("é"),
                    new Part.Reasoning("ab", "c"),
                    new Part.ToolCall("i", "n", "{}", ""),
                    new Part.ToolResult("i", "[]", false),
                    new Part.FileRef(UUID.randomUUID(), "n", "t"),
                    new Part.Data("{}"))))
        .isEqualTo(2 + 3 + 4 + 3 + 38 + 2);
  }

  private static NewMessage draft(String field, String text) {
    return new NewMessage(
        field,
        null,
        Role.USER,
        State.COMPLETE,
        List.of(new Part.Text(text)),
        List.of(),
        new Origin(null, null, "", "", null, null, null),
        null,
        null,
        Map.of(),
        null,
        null,
        new Anchor.Leaf());
  }
}
