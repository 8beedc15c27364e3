package dev.agentserver.conversation.message;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static org.jooq.impl.DSL.left;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import dev.agentserver.kit.eventlog.StreamKey;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.OrderField;

/// What lists show of a conversation whose messages are not what they were.
public final class PreviewStore {
  private static final String USER = Role.USER.name().toLowerCase(Locale.ROOT);

  /// More than of a message is shown.
  static final int BEGINNING = 1_000;

  /// Among so many messages there is one that says something in words.
  private static final int LOOKED_AT = 20;

  /// Shows the beginning of the newest message.
  public void refresh(DSLContext db, StreamKey conversation) {
    db.update(CONVERSATION)
        .set(CONVERSATION.PREVIEW, newest(db, conversation))
        .where(isRow(conversation))
        .execute();
  }

  /// Shows nothing any more of a message that was taken out: a title that was made of it goes too.
  void refreshWithout(DSLContext db, StreamKey conversation, String text) {
    var title = Content.title(text);
    db.update(CONVERSATION)
        .set(CONVERSATION.PREVIEW, newest(db, conversation))
        .set(
            CONVERSATION.TITLE,
            when(CONVERSATION.TITLE.eq(title), val(first(db, conversation)))
                .otherwise(CONVERSATION.TITLE))
        .where(isRow(conversation))
        .execute();
  }

  private static String newest(DSLContext db, StreamKey conversation) {
    return words(db, conversation, noCondition(), MESSAGE.SEQ.desc(), Content::preview);
  }

  private static String first(DSLContext db, StreamKey conversation) {
    return words(db, conversation, MESSAGE.ROLE.eq(USER), MESSAGE.SEQ.asc(), Content::title);
  }

  private static String words(
      DSLContext db,
      StreamKey conversation,
      Condition which,
      OrderField<Long> order,
      Function<String, String> form) {
    List<String> texts =
        db.select(left(MESSAGE.CONTENT_TEXT, BEGINNING))
            .from(MESSAGE)
            .where(MESSAGE.TENANT_ID.eq(conversation.tenantId()))
            .and(MESSAGE.CONVERSATION_ID.eq(conversation.id()))
            .and(which)
            .orderBy(order)
            .limit(LOOKED_AT)
            .fetch(row -> row.value1());
    return texts.stream().map(form).filter(text -> !text.isEmpty()).findFirst().orElse("");
  }

  private static Condition isRow(StreamKey conversation) {
    return CONVERSATION
        .TENANT_ID
        .eq(conversation.tenantId())
        .and(CONVERSATION.CONVERSATION_ID.eq(conversation.id()));
  }
}
