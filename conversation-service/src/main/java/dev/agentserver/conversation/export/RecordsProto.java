package dev.agentserver.conversation.export;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.conversation.conversation.Conversation;
import dev.agentserver.conversation.conversation.ConversationProto;
import dev.agentserver.conversation.feedback.FeedbackProto;
import dev.agentserver.conversation.message.MessageProto;
import dev.agentserver.conversation.tag.Tag;
import dev.agentserver.conversation.tag.TagProto;
import dev.agentserver.conversation.v1.ExportRecord;
import java.util.List;

/// The records of the contract as JSON: all in one object, or each on a line.
///
/// @param lines whether each is on a line of its own
record RecordsProto(boolean lines) implements ExportFile {
  private static final JsonFormat.Printer JSON =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

  @Override
  public String contentType() {
    return lines ? "application/x-ndjson" : "application/json";
  }

  @Override
  public String ending() {
    return lines ? "ndjson" : "json";
  }

  @Override
  public String head(Conversation conversation, List<Tag> tags) {
    var record =
        ExportRecord.newBuilder()
            .setConversation(ConversationProto.toProto(conversation))
            .addAllTags(tags.stream().map(TagProto::toProto).toList());
    return (lines ? "" : "{\"records\":[\n") + json(record) + (lines ? "\n" : "");
  }

  @Override
  public String message(Exported exported) {
    var record = ExportRecord.newBuilder().setMessage(MessageProto.toProto(exported.message()));
    if (exported.parent() != null) {
      record.setParentMessageId(exported.parent().id().toString());
    }
    if (exported.feedback() != null) {
      record.setFeedback(FeedbackProto.toProto(exported.feedback()));
    }
    return (lines ? "" : ",\n") + json(record) + (lines ? "\n" : "");
  }

  @Override
  public String end() {
    return lines ? "" : "\n]}\n";
  }

  private static String json(ExportRecord.Builder record) {
    try {
      return JSON.print(record);
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException("a record has no JSON", impossible);
    }
  }
}
