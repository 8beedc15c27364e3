package dev.agentserver.agentrun.link;

import dev.agentserver.kit.config.AdminConfig;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/// Looks for links between runs, sessions, conversations, messages and files that lead nowhere. It
/// reads the schemas of several services, which only the database's administrator may.
public final class LinkCheckStore {
  private static final String CHECK =
      """
      select 'run.conversation_id', count(*) from agent_run.run r where conversation_id is not null and not exists (
        select from conversation.conversation c where c.tenant_id = r.tenant_id and c.conversation_id = r.conversation_id
          and c.deleted_at is null)
      union all
      select 'session.conversation_id', count(*) from agent_run.session s where conversation_id is not null and not exists (
        select from conversation.conversation c where c.tenant_id = s.tenant_id and c.conversation_id = s.conversation_id
          and c.deleted_at is null)
      union all
      select 'run.input_message_id', count(*) from agent_run.run r where input_message_id is not null and not exists (
        select from conversation.message m where m.tenant_id = r.tenant_id and m.message_id = r.input_message_id)
      union all
      select 'run.output_message_id', count(*) from agent_run.run r where output_message_id is not null and not exists (
        select from conversation.message m where m.tenant_id = r.tenant_id and m.message_id = r.output_message_id)
      union all
      select 'message.run_id', count(*) from conversation.message m where run_id is not null and not exists (
        select from agent_run.run r where r.tenant_id = m.tenant_id and r.run_id = m.run_id)
      """;

  private static final String HAS_FILES = "select to_regclass('file.file_link') is not null";

  /// Both ways: what names files, and what files say that uses them. What was told by the outbox
  /// and is not heard yet counts too.
  private static final String FILES_CHECK =
      """
      select 'message_attachment.file_id', count(*) from conversation.message_attachment a where deleted_at is null and not exists (
        select from file.file f where f.tenant_id = a.tenant_id and f.file_id = a.file_id and f.state = 'READY')
      union all
      select 'message_attachment.file_link', count(*) from conversation.message_attachment a where deleted_at is null and not exists (
        select from file.file_link l where l.tenant_id = a.tenant_id and l.file_id = a.file_id and l.message_id = a.message_id)
      union all
      select 'artifact_revision.file_id', count(*) from agent_run.session_artifact_revision r where file_id is not null and not exists (
        select from file.file_link l join file.file f on f.tenant_id = l.tenant_id and f.file_id = l.file_id and f.state = 'READY'
        where l.tenant_id = r.tenant_id and l.file_id = r.file_id and l.session_id = r.session_id)
      union all
      select 'file_link.conversation_id', count(*) from file.file_link l where conversation_id is not null and not exists (
        select from conversation.conversation c where c.tenant_id = l.tenant_id and c.conversation_id = l.conversation_id)
      union all
      select 'file_link.message_id', count(*) from file.file_link l where message_id is not null and not exists (
        select from conversation.message m where m.tenant_id = l.tenant_id and m.message_id = l.message_id)
      union all
      select 'file_link.session_id', count(*) from file.file_link l where session_id is not null and not exists (
        select from agent_run.session s where s.tenant_id = l.tenant_id and s.session_id = l.session_id)
      union all
      select 'file_link.agent_id', count(*) from file.file_link l where agent_id is not null and not exists (
        select from agent_run.agent a where a.tenant_id = l.tenant_id and a.agent_id = l.agent_id and a.deleted_at is null)
      """;

  private LinkCheckStore() {}

  /// How many there are of each kind.
  public static Map<String, Long> dangling(AdminConfig admin) throws SQLException {
    try (var connection =
            DriverManager.getConnection(admin.url(), admin.user(), admin.password().value());
        var statement = connection.createStatement()) {
      var found = new TreeMap<String, Long>();
      count(statement, CHECK, found);
      if (hasFiles(statement)) {
        count(statement, FILES_CHECK, found);
      }
      return found;
    }
  }

  private static void count(Statement statement, String check, Map<String, Long> found)
      throws SQLException {
    try (var rows = statement.executeQuery(check)) {
      while (rows.next()) {
        found.put(rows.getString(1), rows.getLong(2));
      }
    }
  }

  private static boolean hasFiles(Statement statement) throws SQLException {
    try (var answer = statement.executeQuery(HAS_FILES)) {
      return answer.next() && answer.getBoolean(1);
    }
  }
}
