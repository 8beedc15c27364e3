package dev.agentserver.agentrun.link;

import dev.agentserver.kit.config.AdminConfig;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/// Looks for links between runs, sessions, conversations and messages that lead nowhere. It reads
/// the schemas of two services, which only the database's administrator may.
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

  private LinkCheckStore() {}

  /// How many there are of each kind.
  public static Map<String, Long> dangling(AdminConfig admin) throws SQLException {
    try (var connection =
            DriverManager.getConnection(admin.url(), admin.user(), admin.password().value());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(CHECK)) {
      var found = new TreeMap<String, Long>();
      while (rows.next()) {
        found.put(rows.getString(1), rows.getLong(2));
      }
      return found;
    }
  }
}
