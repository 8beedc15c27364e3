package dev.agentserver.conversation.message;

import static dev.agentserver.conversation.db.Tables.MESSAGE_ATTACHMENT;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.select;

import dev.agentserver.conversation.message.Message.Place;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Records;
import org.jooq.SelectField;
import org.jspecify.annotations.Nullable;

/// A message's row, attachments inside, and the message it is.
final class MessageRows {
  private static final String ATTACHMENTS = "attachments";

  private MessageRows() {}

  /// The columns that [#message] reads. The attachments of a message without any cost nothing: the
  /// count is asked first.
  static List<SelectField<?>> columns(dev.agentserver.conversation.db.tables.Message table) {
    return List.of(
        table.MESSAGE_ID,
        table.CONVERSATION_ID,
        table.BRANCH_NO,
        table.DEPTH,
        table.SEQ,
        table.ROLE,
        table.STATE,
        table.STATE_REASON,
        table.PARTS,
        table.PARTS_SEQ,
        table.AUTHOR_ID,
        table.RUN_ID,
        table.AGENT_ID,
        table.MODEL,
        table.FINISH_REASON,
        table.INPUT_TOKENS,
        table.OUTPUT_TOKENS,
        table.ROUTING_DECISION,
        table.CLIENT_MESSAGE_ID,
        table.EXTERNAL_ID,
        table.METADATA,
        table.VERSION,
        table.CREATED_AT,
        table.UPDATED_AT,
        attachments(table));
  }

  @SuppressWarnings("unchecked")
  static Message message(dev.agentserver.conversation.db.tables.Message table, Record row) {
    return new Message(
        row.get(table.MESSAGE_ID),
        row.get(table.CONVERSATION_ID),
        new Place(row.get(table.BRANCH_NO), row.get(table.DEPTH), row.get(table.SEQ)),
        Role.valueOf(row.get(table.ROLE).toUpperCase(Locale.ROOT)),
        State.valueOf(row.get(table.STATE)),
        row.get(table.STATE_REASON),
        PartsJson.read(row.get(table.PARTS).data()),
        row.get(table.PARTS_SEQ),
        (List<Attachment>) row.get(ATTACHMENTS),
        row.get(table.AUTHOR_ID),
        new Origin(
            row.get(table.RUN_ID),
            row.get(table.AGENT_ID),
            row.get(table.MODEL),
            row.get(table.FINISH_REASON),
            row.get(table.INPUT_TOKENS),
            row.get(table.OUTPUT_TOKENS),
            text(row.get(table.ROUTING_DECISION))),
        row.get(table.CLIENT_MESSAGE_ID),
        row.get(table.EXTERNAL_ID),
        MetadataJson.read(row.get(table.METADATA).data()),
        row.get(table.VERSION),
        row.get(table.CREATED_AT).toInstant(),
        row.get(table.UPDATED_AT).toInstant());
  }

  private static String text(JSONB json) {
    return json == null ? null : json.data();
  }

  private static Field<List<Attachment>> attachments(
      dev.agentserver.conversation.db.tables.Message table) {
    var attachment = MESSAGE_ATTACHMENT;
    return multiset(
            select(
                    attachment.FILE_ID,
                    attachment.NAME,
                    attachment.MEDIA_TYPE,
                    attachment.SIZE_BYTES,
                    attachment.DELETED_AT)
                .from(attachment)
                .where(table.ATTACHMENT_COUNT.gt(0))
                .and(attachment.TENANT_ID.eq(table.TENANT_ID))
                .and(attachment.MESSAGE_ID.eq(table.MESSAGE_ID))
                .orderBy(attachment.ORDINAL))
        .as(ATTACHMENTS)
        .convertFrom(rows -> rows.map(Records.mapping(MessageRows::attachment)));
  }

  private static Attachment attachment(
      UUID fileId,
      String name,
      String mediaType,
      Long sizeBytes,
      @Nullable OffsetDateTime deletedAt) {
    return new Attachment(
        fileId, name, mediaType, sizeBytes, deletedAt == null ? null : deletedAt.toInstant());
  }
}
