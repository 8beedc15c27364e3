package dev.agentserver.e2e.history;

import dev.agentserver.e2e.server.Database;
import java.util.List;

/// A database as a Prisma client of the old application keeps it, and the application that writes
/// into it.
final class LegacyTables {
  private static final String TABLES =
      """
      create table "Conversation" (
        "id" text primary key, "title" text, "userId" text not null,
        "createdAt" timestamp(3) not null default current_timestamp, "updatedAt" timestamp(3) not null);
      create table "Message" (
        "id" text primary key,
        "conversationId" text not null references "Conversation" ("id") on delete cascade,
        "role" text not null, "content" text not null, "attachments" jsonb, "runId" text,
        "routingDecision" jsonb, "toolCalls" jsonb,
        "createdAt" timestamp(3) not null default current_timestamp);
      create index on "Message" ("conversationId");
      create table "ChatSettings" (
        "id" text primary key, "userId" text not null unique, "enabledTools" text[], "enabledAgents" text[],
        "model" text, "temperature" double precision not null default 0.7,
        "maxTokens" integer not null default 2000);
      create table "FileUpload" (
        "id" text primary key, "userId" text not null, "filename" text not null,
        "contentType" text not null, "size" integer not null, "url" text not null,
        "minioPath" text not null, "createdAt" timestamp(3) not null default current_timestamp);
      """;

  private static final String FILLED =
      """
      insert into "Conversation"
      select 'c' || lpad(i::text, 24, '0'), case when i %% 7 = 0 then null else 'Chat ' || i end, 'u1',
        timestamp '2025-01-01' + i * interval '1 minute 1 millisecond',
        timestamp '2025-06-01' + i * interval '1 second'
      from generate_series(1, %1$d) i;
      insert into "Message"
      select 'm' || i || '-' || n, 'c' || lpad(i::text, 24, '0'),
        case when n %% 2 = 1 then 'user' else 'assistant' end,
        case when n = 3 then '' else 'Message ' || n || ' of ' || i || ' – Grüße, 你好' end,
        case when n = 1 then '[{"name": "a.txt", "size": 12, "odd": 0.1}]'::jsonb end,
        case when n = 2 then 'run-' || i end,
        case when n = 2 then '{"agent": "echo", "score": 0.25}'::jsonb end,
        case when n = 4 then '[{"id": "call_1", "function": {"name": "search", "arguments": "{}"}}]'::jsonb end,
        timestamp '2025-01-01' + i * interval '1 minute' + n * interval '1 second'
      from generate_series(1, %1$d) i, generate_series(1, 4) n;
      """;

  private final Database database;

  LegacyTables(Database database) {
    this.database = database;
    database.run(TABLES);
  }

  /// Conversations of four messages each, a user's settings, a file.
  void fill(int conversations) {
    database.run(FILLED.formatted(conversations));
    database.run(
        """
        insert into "ChatSettings" values ('s1', 'u1', '{search}', '{}', 'old-model', 0.5, 1500);
        insert into "FileUpload" values
          ('f1', 'u1', 'note.txt', 'text/plain', 5, 'http://old/f1', 'u1/note.txt', '2025-01-01');
        """);
  }

  /// A conversation of a user's, and how the user chats.
  void own(String id, String userId) {
    database.run(
        """
        insert into "Conversation" values ('%1$s', 'Of %1$s', '%2$s', '2025-07-01', '2025-07-01');
        insert into "Message" ("id", "conversationId", "role", "content", "createdAt")
        values ('%1$s-1', '%1$s', 'assistant', 'Said by %1$s', '2025-07-01');
        insert into "ChatSettings" values ('s-%1$s', '%2$s', '{search}', '{}', 'model of %1$s', 0.5, 1500)
        on conflict ("userId") do nothing;
        """
            .formatted(id, userId));
  }

  /// What the old application does meanwhile: says more, begins anew, and corrects itself.
  void write(int round) {
    database.run(
        """
        insert into "Message" ("id", "conversationId", "role", "content", "createdAt")
        select 'late%1$d-' || "id", "id", 'user', 'Said later', timestamp '2025-07-01' + %1$d * interval '1 second'
        from "Conversation" order by "id" limit 5;
        update "Conversation" set "title" = 'Renamed %1$d', "updatedAt" = '2025-07-01'
        where "id" = (select min("id") from "Conversation");
        insert into "Conversation" values ('new%1$d', 'New %1$d', 'u1', '2025-07-01', '2025-07-01');
        insert into "Message" ("id", "conversationId", "role", "content", "createdAt")
        values ('new%1$d-1', 'new%1$d', 'user', 'First', '2025-07-01');
        """
            .formatted(round));
  }

  /// What changes the past: another text, a message and a conversation that are gone.
  void rewrite() {
    database.run(
        """
        update "Message" set "content" = 'Corrected' where "id" = 'm10-2';
        delete from "Message" where "id" = 'm11-4';
        delete from "Conversation" where "id" = 'c' || lpad('12', 24, '0');
        """);
  }

  static List<String> conversations(Database database) {
    return database.column("select row_to_json(c)::text from \"Conversation\" c order by \"id\"");
  }

  /// Without their ids, which are made anew in a database that has none.
  static List<String> settings(Database database) {
    return database.column(
        "select (to_jsonb(s) - 'id')::text from \"ChatSettings\" s order by \"userId\"");
  }

  /// What a file is, wherever it lies and is called.
  static List<String> files(Database database) {
    return database.column(
        "select f.\"userId\" || ' ' || f.\"filename\" || ' ' || f.\"contentType\" || ' ' || f.\"size\""
            + " from \"FileUpload\" f order by 1");
  }

  static List<String> messages(Database database) {
    return database.column("select row_to_json(m)::text from \"Message\" m order by \"id\"");
  }
}
