package dev.agentserver.commandline.prisma;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentserver.commandline.history.Exported;
import dev.agentserver.commandline.history.Kept;
import dev.agentserver.commandline.history.Turn;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.Part;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes conversations into legacy tables, which it makes where they are not there: the way back.
/// What came from such tables goes there as it was. The tables know no branches: of a conversation
/// that has some, the path to its newest message is written.
public final class PrismaTarget implements AutoCloseable {
  private static final String TABLES =
      """
      create table if not exists "Conversation" (
        "id" text primary key,
        "title" text,
        "userId" text not null,
        "createdAt" timestamp(3) not null default current_timestamp,
        "updatedAt" timestamp(3) not null
      );
      create table if not exists "Message" (
        "id" text primary key,
        "conversationId" text not null references "Conversation" ("id") on delete cascade,
        "role" text not null,
        "content" text not null,
        "attachments" jsonb,
        "runId" text,
        "routingDecision" jsonb,
        "toolCalls" jsonb,
        "createdAt" timestamp(3) not null default current_timestamp
      );
      create index if not exists "Message_conversationId_idx" on "Message" ("conversationId");
      """;

  private static final String CONVERSATION =
      """
      insert into "Conversation" ("id", "title", "userId", "createdAt", "updatedAt")
      values (?, ?, ?, ?, ?)
      on conflict ("id") do update set "title" = excluded."title", "userId" = excluded."userId",
        "createdAt" = excluded."createdAt", "updatedAt" = excluded."updatedAt"
      """;

  private static final String MESSAGE =
      """
      insert into "Message" ("id", "conversationId", "role", "content", "attachments", "runId",
        "routingDecision", "toolCalls", "createdAt")
      values (?, ?, ?, ?, ?::jsonb, ?, ?::jsonb, ?::jsonb, ?)
      on conflict ("id") do update set "role" = excluded."role", "content" = excluded."content",
        "attachments" = excluded."attachments", "runId" = excluded."runId",
        "routingDecision" = excluded."routingDecision", "toolCalls" = excluded."toolCalls",
        "createdAt" = excluded."createdAt"
      """;

  private final Connection connection;

  public PrismaTarget(LegacyAccess access) throws IOException {
    connection = access.open();
    try (var statement = connection.createStatement()) {
      statement.execute(TABLES);
      connection.commit();
    } catch (SQLException failure) {
      throw new IOException("the tables cannot be made: " + failure.getMessage(), failure);
    }
  }

  /// The tables beside those of conversations; by the same connection.
  public PrismaBelongings belongings() throws IOException {
    return new PrismaBelongings(connection);
  }

  /// Writes one conversation in one transaction.
  ///
  /// @param ownerId whose it is, where it did not come from such tables
  public void write(Exported exported, String ownerId) throws IOException {
    var history = exported.history();
    try {
      conversation(exported.conversation(), ownerId);
      try (var insert = connection.prepareStatement(MESSAGE)) {
        for (var turn : path(history.turns())) {
          message(insert, history.oldId(), turn.draft());
        }
        insert.executeBatch();
      }
      connection.commit();
    } catch (SQLException failure) {
      throw new IOException(
          "conversation " + history.id() + " cannot be written: " + failure.getMessage(), failure);
    }
  }

  private void conversation(Conversation conversation, String ownerId) throws SQLException {
    var metadata = conversation.getMetadataMap();
    var kept = metadata.get(Kept.PREFIX + "kept");
    var left = kept == null ? JsonNodeFactory.instance.objectNode() : Values.json(kept);
    var title = left.path("title").asText(conversation.getTitle());
    try (var insert = connection.prepareStatement(CONVERSATION)) {
      insert.setString(1, id(conversation.getExternalId(), conversation.getId()));
      insert.setString(2, untitled(metadata.get(Kept.UNTITLED), left, title));
      insert.setString(3, metadata.getOrDefault(Kept.USER, ownerId));
      insert.setObject(4, Values.utc(conversation.getCreatedAt()));
      var updatedAt = metadata.get(Kept.UPDATED_AT);
      insert.setObject(
          5,
          updatedAt == null
              ? Values.utc(conversation.getLastActivityAt())
              : LocalDateTime.ofInstant(Instant.parse(updatedAt), ZoneOffset.UTC));
      insert.execute();
    }
  }

  /// An old row had null, or blanks, where the server shows the first words.
  private static @Nullable String untitled(@Nullable String mark, JsonNode left, String title) {
    if (mark == null) {
      return title;
    }
    return mark.equals("true") ? null : left.path("title").asText("");
  }

  private static void message(PreparedStatement insert, String conversation, MessageDraft draft)
      throws SQLException {
    var left =
        Kept.of(draft.getPartsList())
            .map(ObjectNode.class::cast)
            .orElseGet(JsonNodeFactory.instance::objectNode);
    insert.setString(1, id(draft.getExternalId(), draft.getId()));
    insert.setString(2, conversation);
    insert.setString(3, left.path("role").asText(draft.getRole().name()));
    insert.setString(4, text(draft.getPartsList()));
    insert.setString(
        5, json(left.has("attachments") ? left.get("attachments") : attachments(draft)));
    insert.setString(
        6,
        left.path("runid").isTextual() ? left.path("runid").textValue() : orNull(draft.getRunId()));
    insert.setString(
        7,
        draft.hasRoutingDecision()
            ? Kept.json(draft.getRoutingDecision()).toString()
            : json(left.path("routingdecision")));
    insert.setString(8, json(left.has("toolcalls") ? left.get("toolcalls") : toolCalls(draft)));
    insert.setObject(9, Values.utc(draft.getCreatedAt()));
    insert.addBatch();
  }

  /// The files of a message that was written here.
  private static JsonNode attachments(MessageDraft draft) {
    var list = JsonNodeFactory.instance.arrayNode();
    for (var attachment : draft.getAttachmentsList()) {
      list.addObject()
          .put("file_id", attachment.getFileId())
          .put("name", attachment.getName())
          .put("media_type", attachment.getMediaType())
          .put("size_bytes", attachment.getSizeBytes());
    }
    return list.isEmpty() ? MissingNode.getInstance() : list;
  }

  /// The calls of a message that was written here.
  private static JsonNode toolCalls(MessageDraft draft) {
    var list = JsonNodeFactory.instance.arrayNode();
    for (var part : draft.getPartsList()) {
      if (part.hasToolCall()) {
        var call = part.getToolCall();
        var written = list.addObject().put("id", call.getId()).put("name", call.getName());
        if (call.hasInput()) {
          written.set("input", Kept.json(call.getInput()));
        } else {
          written.put("input", call.getInputText());
        }
      }
    }
    return list.isEmpty() ? MissingNode.getInstance() : list;
  }

  private static String text(List<Part> parts) {
    return parts.stream()
        .filter(Part::hasText)
        .map(Part::getText)
        .collect(Collectors.joining("\n\n"));
  }

  private static List<Turn> path(List<Turn> turns) {
    var byId = new HashMap<Object, Turn>();
    turns.forEach(turn -> byId.put(turn.id(), turn));
    var path = new ArrayDeque<Turn>();
    for (var turn = turns.isEmpty() ? null : turns.getLast(); turn != null; ) {
      path.addFirst(turn);
      turn = turn.parent() == null ? null : byId.get(turn.parent());
    }
    return List.copyOf(path);
  }

  private static String id(String external, String id) {
    return external.isEmpty() ? id : external;
  }

  private static @Nullable String json(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? null : node.toString();
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw new IOException(failure);
    }
  }
}
