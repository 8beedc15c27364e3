package dev.agentserver.conversation.message;

import dev.agentserver.kit.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What can be said of parts: their text, their size, their beginning.
public final class Content {
  /// The most that the parts of one request may hold together.
  public static final int MAX_BYTES = 4 * 1024 * 1024;

  private static final int PREVIEW_CHARACTERS = 200;
  private static final int TITLE_CHARACTERS = 60;

  private Content() {}

  /// The text parts, joined by blank lines.
  public static String text(List<Part> parts) {
    if (parts.size() == 1 && parts.getFirst() instanceof Part.Text(var text)) {
      return text;
    }
    return parts.stream()
        .filter(Part.Text.class::isInstance)
        .map(part -> ((Part.Text) part).text())
        .collect(Collectors.joining("\n\n"));
  }

  /// UTF-8 bytes of everything in the parts.
  public static int bytes(List<Part> parts) {
    return parts.stream().mapToInt(Content::bytes).sum();
  }

  /// Refuses drafts that hold more than [#MAX_BYTES] together, naming the first one past the limit.
  static void checkSize(List<NewMessage> drafts) {
    var sum = 0L;
    for (var draft : drafts) {
      sum += bytes(draft.parts());
      if (sum > MAX_BYTES) {
        throw Problem.invalid(
            draft.field() + "parts", "must hold at most " + MAX_BYTES + " bytes together");
      }
    }
  }

  /// The beginning that lists show; empty where there are no words.
  public static String preview(String text) {
    return PlainLine.cut(PlainLine.of(text), PREVIEW_CHARACTERS);
  }

  /// The first words, cut at a word's end.
  public static String title(String text) {
    var line = PlainLine.of(text);
    if (line.codePointCount(0, line.length()) <= TITLE_CHARACTERS) {
      return line;
    }
    var space = PlainLine.cut(line, TITLE_CHARACTERS + 1).lastIndexOf(' ');
    return (space > 0 ? line.substring(0, space) : PlainLine.cut(line, TITLE_CHARACTERS)) + "…";
  }

  private static int bytes(Part part) {
    return switch (part) {
      case Part.Text(var text) -> utf8(text);
      case Part.Reasoning(var text, var signature) -> utf8(text) + utf8(signature);
      case Part.ToolCall(var id, var name, var input, var inputText) ->
          utf8(id) + utf8(name) + utf8(input) + utf8(inputText);
      case Part.ToolResult(var id, var output, _) -> utf8(id) + utf8(output);
      case Part.FileRef(_, var name, var mediaType) -> 36 + utf8(name) + utf8(mediaType);
      case Part.Data(var json) -> utf8(json);
    };
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /// The files inside the content.
  public static Stream<UUID> files(List<Part> parts) {
    return parts.stream()
        .mapMulti(
            (part, files) -> {
              if (part instanceof Part.FileRef file) {
                files.accept(file.fileId());
              }
            });
  }
}
