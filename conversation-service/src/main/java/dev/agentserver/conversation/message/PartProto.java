package dev.agentserver.conversation.message;

import static dev.agentserver.conversation.message.ProtoText.clean;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.conversation.v1.FilePart;
import dev.agentserver.conversation.v1.ReasoningPart;
import dev.agentserver.conversation.v1.ToolCallPart;
import dev.agentserver.conversation.v1.ToolResultPart;
import dev.agentserver.kit.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Parts and attachments between the contract and the domain.
public final class PartProto {
  private PartProto() {}

  /// @param prefix the path of the message in the request, to name a field by
  static List<Part> parts(
      String prefix, String content, List<dev.agentserver.conversation.v1.Part> parts) {
    if (parts.isEmpty()) {
      return content.isEmpty() ? List.of() : List.of(new Part.Text(clean(content)));
    }
    if (!content.isEmpty()) {
      throw Problem.invalid(prefix + "content", "must be empty when parts are given");
    }
    var result = new ArrayList<Part>(parts.size());
    for (var i = 0; i < parts.size(); i++) {
      result.add(part(prefix + "parts[" + i + "].", parts.get(i)));
    }
    return List.copyOf(result);
  }

  static List<Attachment> attachments(
      List<dev.agentserver.conversation.v1.Attachment> attachments) {
    return attachments.stream()
        .map(
            attachment ->
                new Attachment(
                    UUID.fromString(attachment.getFileId()),
                    clean(attachment.getName()),
                    clean(attachment.getMediaType()),
                    attachment.getSizeBytes(),
                    attachment.hasDeletedAt()
                        ? ProtoText.instant("deleted_at", attachment.getDeletedAt())
                        : null))
        .toList();
  }

  static dev.agentserver.conversation.v1.Attachment toProto(Attachment attachment) {
    var proto =
        dev.agentserver.conversation.v1.Attachment.newBuilder()
            .setFileId(attachment.fileId().toString())
            .setName(attachment.name())
            .setMediaType(attachment.mediaType())
            .setSizeBytes(attachment.sizeBytes());
    if (attachment.deletedAt() != null) {
      proto.setDeletedAt(ProtoText.timestamp(attachment.deletedAt()));
    }
    return proto.build();
  }

  public static dev.agentserver.conversation.v1.Part toProto(Part part) {
    var proto = dev.agentserver.conversation.v1.Part.newBuilder();
    switch (part) {
      case Part.Text(var text) -> proto.setText(text);
      case Part.Reasoning(var text, var signature) ->
          proto.setReasoning(ReasoningPart.newBuilder().setText(text).setSignature(signature));
      case Part.ToolCall call -> proto.setToolCall(toolCall(call));
      case Part.ToolResult(var id, var output, var error) ->
          proto.setToolResult(toolResult(id, output, error));
      case Part.FileRef(var id, var name, var mediaType) ->
          proto.setFile(
              FilePart.newBuilder().setFileId(id.toString()).setName(name).setMediaType(mediaType));
      case Part.Data(var json) -> proto.setData(ProtoText.merge(json, Struct.newBuilder()));
    }
    return proto.build();
  }

  /// @param prefix the path of the part in the request, to name a field by
  public static Part part(String prefix, dev.agentserver.conversation.v1.Part part) {
    return switch (part.getKindCase()) {
      case TEXT -> new Part.Text(clean(part.getText()));
      case REASONING ->
          new Part.Reasoning(
              clean(part.getReasoning().getText()), clean(part.getReasoning().getSignature()));
      case TOOL_CALL -> {
        var call = part.getToolCall();
        var input =
            call.hasInput() ? ProtoText.json(prefix + "tool_call.input", call.getInput()) : "";
        yield new Part.ToolCall(
            clean(call.getId()), clean(call.getName()), input, clean(call.getInputText()));
      }
      case TOOL_RESULT -> {
        var result = part.getToolResult();
        var output =
            result.hasOutput()
                ? ProtoText.json(prefix + "tool_result.output", result.getOutput())
                : "";
        yield new Part.ToolResult(clean(result.getToolCallId()), output, result.getIsError());
      }
      case FILE -> {
        var file = part.getFile();
        yield new Part.FileRef(
            UUID.fromString(file.getFileId()), clean(file.getName()), clean(file.getMediaType()));
      }
      case DATA -> new Part.Data(ProtoText.json(prefix + "data", part.getData()));
      case KIND_NOT_SET -> throw Problem.invalid(prefix + "kind", "is required");
    };
  }

  private static ToolCallPart.Builder toolCall(Part.ToolCall call) {
    var proto =
        ToolCallPart.newBuilder()
            .setId(call.id())
            .setName(call.name())
            .setInputText(call.inputText());
    if (!call.input().isEmpty()) {
      proto.setInput(ProtoText.merge(call.input(), Struct.newBuilder()));
    }
    return proto;
  }

  private static ToolResultPart.Builder toolResult(String id, String output, boolean error) {
    var result = ToolResultPart.newBuilder().setToolCallId(id).setIsError(error);
    if (!output.isEmpty()) {
      result.setOutput(ProtoText.merge(output, Value.newBuilder()));
    }
    return result;
  }
}
