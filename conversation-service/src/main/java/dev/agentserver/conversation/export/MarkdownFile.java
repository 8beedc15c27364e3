package dev.agentserver.conversation.export;

import dev.agentserver.conversation.conversation.Conversation;
import dev.agentserver.conversation.feedback.Feedback;
import dev.agentserver.conversation.message.Attachment;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.Part;
import dev.agentserver.conversation.tag.Tag;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// For people: who said what and when. What tools were asked and answered, and what the model
/// thought before, is folded away.
final class MarkdownFile implements ExportFile {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

  private int branchNo = -1;

  @Override
  public String contentType() {
    return "text/markdown; charset=utf-8";
  }

  @Override
  public String ending() {
    return "md";
  }

  @Override
  public String head(Conversation conversation, List<Tag> tags) {
    var title = line(conversation.attributes().title());
    var model = conversation.attributes().model();
    return "# "
        + (title.isEmpty() ? "Conversation" : title)
        + "\n\n- Conversation: `"
        + conversation.id()
        + "`\n- Begun: "
        + time(conversation.createdAt())
        + (model.isEmpty() ? "" : "\n- Model: " + line(model))
        + (tags.isEmpty() ? "" : "\n- Tags: " + tags(tags))
        + "\n";
  }

  @Override
  public String message(Exported exported) {
    var message = exported.message();
    var out = new StringBuilder(branch(exported));
    out.append("\n## ").append(place(message.place().branchNo(), message.place().depth()));
    out.append(". ").append(speaker(message));
    out.append(" · ").append(time(message.createdAt())).append('\n');
    message.parts().forEach(part -> out.append('\n').append(part(part)).append('\n'));
    var attachments =
        message.attachments().stream()
            .map(MarkdownFile::attachment)
            .collect(Collectors.joining("\n"));
    if (!attachments.isEmpty()) {
      out.append('\n').append(attachments).append('\n');
    }
    return out.append(state(message)).append(feedback(exported.feedback())).toString();
  }

  @Override
  public String end() {
    return "";
  }

  /// Where messages go on from another place than the one above them.
  private String branch(Exported exported) {
    var before = branchNo;
    branchNo = exported.message().place().branchNo();
    if (before < 0 || before == branchNo) {
      return "";
    }
    var parent = exported.parent();
    return "\n---\n\n*Branch "
        + branchNo
        + (parent == null
            ? ", another beginning:*\n"
            : ", after " + place(parent.branchNo(), parent.depth()) + ":*\n");
  }

  /// What a message is called: its number, and its branch where that is not the first.
  private static String place(int branchNo, int depth) {
    return depth + 1 + (branchNo == 0 ? "" : " (branch " + branchNo + ")");
  }

  private static String speaker(Message message) {
    var model = line(message.origin().model());
    return switch (message.role()) {
      case USER -> "User";
      case ASSISTANT -> model.isEmpty() ? "Assistant" : "Assistant (" + model + ")";
      case SYSTEM -> "System";
      case TOOL -> "Tool";
    };
  }

  private static String state(Message message) {
    var reason = message.stateReason().isEmpty() ? "" : ": " + line(message.stateReason());
    return switch (message.state()) {
      case COMPLETE -> "";
      case STREAMING -> "\n*still being written*\n";
      case INCOMPLETE -> "\n*cut short" + reason + "*\n";
      case FAILED -> "\n*failed" + reason + "*\n";
      case REDACTED -> "\n*taken out*\n";
    };
  }

  private static String tags(List<Tag> tags) {
    return tags.stream().map(tag -> line(tag.name())).collect(Collectors.joining(", "));
  }

  private static String feedback(@Nullable Feedback feedback) {
    if (feedback == null) {
      return "";
    }
    var comment = line(feedback.comment());
    return "\n> Feedback: "
        + (feedback.rating() == Feedback.Rating.UP ? "👍" : "👎")
        + (comment.isEmpty() ? "" : " " + comment)
        + "\n";
  }

  private static String part(Part part) {
    return switch (part) {
      case Part.Text(var text) -> Fence.closed(text);
      case Part.Reasoning(var text, _) -> folded("Reasoning", Fence.closed(text));
      case Part.ToolCall call ->
          folded(
              "Tool call: " + call.name(),
              Fence.around("json", call.input().isEmpty() ? call.inputText() : call.input()));
      case Part.ToolResult(_, var output, var error) ->
          folded(error ? "Tool error" : "Tool result", Fence.around("json", output));
      case Part.FileRef(_, var name, var mediaType) -> file("File", name, mediaType);
      case Part.Data(var json) -> folded("Data", Fence.around("json", json));
    };
  }

  private static String attachment(Attachment attachment) {
    return file("Attachment", attachment.name(), attachment.mediaType());
  }

  private static String file(String what, String name, String mediaType) {
    return "- "
        + what
        + ": "
        + (name.isEmpty() ? "unnamed" : line(name))
        + (mediaType.isEmpty() ? "" : " (" + line(mediaType) + ")");
  }

  private static String folded(String summary, String content) {
    var escaped = line(summary).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return "<details>\n<summary>" + escaped + "</summary>\n\n" + content + "\n\n</details>";
  }

  private static String line(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  private static String time(Instant instant) {
    return TIME.format(instant);
  }
}
