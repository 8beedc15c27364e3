package dev.agentserver.conversation.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationExport;
import dev.agentserver.conversation.v1.ConversationExportServiceGrpc;
import dev.agentserver.conversation.v1.ConversationFormat;
import dev.agentserver.conversation.v1.ExportConversationRequest;
import dev.agentserver.conversation.v1.ExportRecord;
import dev.agentserver.conversation.v1.Message;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/// Files as a client gets them.
record Download(Person person) {
  private static final int LARGEST = 300 * 1024;

  Iterator<HttpBody> pieces(ExportConversationRequest request) {
    return ConversationExportServiceGrpc.newBlockingStub(person.channel())
        .exportConversation(request);
  }

  static ExportConversationRequest.Builder of(Conversation conversation) {
    return ExportConversationRequest.newBuilder().setConversationId(conversation.getId());
  }

  static String rest(Iterator<HttpBody> pieces) {
    var bytes = ByteString.EMPTY;
    while (pieces.hasNext()) {
      var piece = pieces.next().getData();
      assertThat(piece.size()).isLessThan(LARGEST);
      bytes = bytes.concat(piece);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  String text(Conversation conversation, ConversationFormat format) {
    return rest(pieces(of(conversation).setFormat(format).setAllBranches(true).build()));
  }

  ConversationExport json(Conversation conversation) {
    return whole(text(conversation, ConversationFormat.CONVERSATION_FORMAT_JSON));
  }

  /// Reads the lines as a program does that reads them one by one.
  ConversationExport lines(Conversation conversation) {
    var whole = ConversationExport.newBuilder();
    text(conversation, ConversationFormat.CONVERSATION_FORMAT_NDJSON)
        .lines()
        .forEach(line -> whole.addRecords(merge(line, ExportRecord.newBuilder())));
    return whole.build();
  }

  static ConversationExport whole(String json) {
    return merge(json, ConversationExport.newBuilder()).build();
  }

  static List<Message> messages(ConversationExport file) {
    return file.getRecordsList().stream()
        .filter(ExportRecord::hasMessage)
        .map(ExportRecord::getMessage)
        .toList();
  }

  private static <B extends com.google.protobuf.Message.Builder> B merge(String json, B builder) {
    try {
      JsonFormat.parser().merge(json, builder);
      return builder;
    } catch (InvalidProtocolBufferException notJson) {
      throw new AssertionError(notJson);
    }
  }
}
