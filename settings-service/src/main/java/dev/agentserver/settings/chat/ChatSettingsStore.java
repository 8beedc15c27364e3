package dev.agentserver.settings.chat;

import static dev.agentserver.settings.db.Tables.CHAT_SETTINGS;
import static dev.agentserver.settings.db.Tables.CHAT_SETTINGS_AGENT;
import static dev.agentserver.settings.db.Tables.CHAT_SETTINGS_TOOL;
import static dev.agentserver.settings.db.Tables.USER_ACCOUNT;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;

import dev.agentserver.settings.chat.ChatSettings.Choices;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.impl.DSL;

/// The rows of how users chat.
final class ChatSettingsStore {
  Optional<ChatSettings> find(DSLContext db, UUID tenantId, UUID userId) {
    var tools = names(tools());
    var agents = names(agents());
    return db.select(
            CHAT_SETTINGS.MODEL,
            CHAT_SETTINGS.TEMPERATURE,
            CHAT_SETTINGS.MAX_TOKENS,
            CHAT_SETTINGS.SYSTEM_PROMPT,
            CHAT_SETTINGS.VERSION,
            CHAT_SETTINGS.UPDATED_AT,
            tools,
            agents)
        .from(CHAT_SETTINGS)
        .where(CHAT_SETTINGS.TENANT_ID.eq(tenantId))
        .and(CHAT_SETTINGS.USER_ID.eq(userId))
        .fetchOptional(
            found ->
                new ChatSettings(
                    new Choices(
                        found.get(tools),
                        found.get(agents),
                        found.get(CHAT_SETTINGS.MODEL),
                        found.get(CHAT_SETTINGS.TEMPERATURE),
                        found.get(CHAT_SETTINGS.MAX_TOKENS),
                        found.get(CHAT_SETTINGS.SYSTEM_PROMPT)),
                    found.get(CHAT_SETTINGS.VERSION),
                    found.get(CHAT_SETTINGS.UPDATED_AT).toInstant()));
  }

  /// Makes two changes of one user's settings follow each other, also while there is no row yet;
  /// false: there is no such user.
  boolean lockUser(DSLContext db, UUID tenantId, UUID userId) {
    return db.fetchExists(
        selectOne()
            .from(USER_ACCOUNT)
            .where(USER_ACCOUNT.TENANT_ID.eq(tenantId))
            .and(USER_ACCOUNT.USER_ID.eq(userId))
            .forNoKeyUpdate());
  }

  /// @param old as it is stored, so that lists that stay are not written again
  ChatSettings save(DSLContext db, UUID tenantId, UUID userId, Choices old, Choices choices) {
    var saved =
        db.insertInto(CHAT_SETTINGS)
            .set(CHAT_SETTINGS.TENANT_ID, tenantId)
            .set(CHAT_SETTINGS.USER_ID, userId)
            .set(CHAT_SETTINGS.MODEL, choices.model())
            .set(CHAT_SETTINGS.TEMPERATURE, choices.temperature())
            .set(CHAT_SETTINGS.MAX_TOKENS, choices.maxTokens())
            .set(CHAT_SETTINGS.SYSTEM_PROMPT, choices.systemPrompt())
            .set(CHAT_SETTINGS.VERSION, 1L)
            .set(CHAT_SETTINGS.UPDATED_AT, clock())
            .onConflict(CHAT_SETTINGS.TENANT_ID, CHAT_SETTINGS.USER_ID)
            .doUpdate()
            .set(CHAT_SETTINGS.MODEL, choices.model())
            .set(CHAT_SETTINGS.TEMPERATURE, choices.temperature())
            .set(CHAT_SETTINGS.MAX_TOKENS, choices.maxTokens())
            .set(CHAT_SETTINGS.SYSTEM_PROMPT, choices.systemPrompt())
            .set(CHAT_SETTINGS.VERSION, CHAT_SETTINGS.VERSION.plus(1))
            .set(CHAT_SETTINGS.UPDATED_AT, clock())
            .returning(CHAT_SETTINGS.VERSION, CHAT_SETTINGS.UPDATED_AT)
            .fetchSingle();
    if (!choices.enabledTools().equals(old.enabledTools())) {
      replaceTools(db, tenantId, userId, choices.enabledTools());
    }
    if (!choices.enabledAgents().equals(old.enabledAgents())) {
      replaceAgents(db, tenantId, userId, choices.enabledAgents());
    }
    return new ChatSettings(
        choices, saved.get(CHAT_SETTINGS.VERSION), saved.get(CHAT_SETTINGS.UPDATED_AT).toInstant());
  }

  private static void replaceTools(DSLContext db, UUID tenantId, UUID userId, List<String> tools) {
    var table = CHAT_SETTINGS_TOOL;
    db.deleteFrom(table)
        .where(table.TENANT_ID.eq(tenantId))
        .and(table.USER_ID.eq(userId))
        .execute();
    if (!tools.isEmpty()) {
      db.insertInto(table, table.TENANT_ID, table.USER_ID, table.ORDINAL, table.TOOL)
          .valuesOfRows(
              IntStream.range(0, tools.size())
                  .mapToObj(ordinal -> row(tenantId, userId, ordinal, tools.get(ordinal)))
                  .toList())
          .execute();
    }
  }

  private static void replaceAgents(
      DSLContext db, UUID tenantId, UUID userId, List<String> agents) {
    var table = CHAT_SETTINGS_AGENT;
    db.deleteFrom(table)
        .where(table.TENANT_ID.eq(tenantId))
        .and(table.USER_ID.eq(userId))
        .execute();
    if (!agents.isEmpty()) {
      db.insertInto(table, table.TENANT_ID, table.USER_ID, table.ORDINAL, table.AGENT)
          .valuesOfRows(
              IntStream.range(0, agents.size())
                  .mapToObj(ordinal -> row(tenantId, userId, ordinal, agents.get(ordinal)))
                  .toList())
          .execute();
    }
  }

  private static Select<Record1<String>> tools() {
    var table = CHAT_SETTINGS_TOOL;
    return select(table.TOOL)
        .from(table)
        .where(table.TENANT_ID.eq(CHAT_SETTINGS.TENANT_ID))
        .and(table.USER_ID.eq(CHAT_SETTINGS.USER_ID))
        .orderBy(table.ORDINAL);
  }

  private static Select<Record1<String>> agents() {
    var table = CHAT_SETTINGS_AGENT;
    return select(table.AGENT)
        .from(table)
        .where(table.TENANT_ID.eq(CHAT_SETTINGS.TENANT_ID))
        .and(table.USER_ID.eq(CHAT_SETTINGS.USER_ID))
        .orderBy(table.ORDINAL);
  }

  private static Field<List<String>> names(Select<Record1<String>> query) {
    return multiset(query).convertFrom(found -> found.map(Record1::value1));
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
