package dev.agentserver.commandline.prisma;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads the legacy tables. All of one reading is of one moment and cannot write: a transaction
/// REPEATABLE READ, READ ONLY. Whoever writes meanwhile is not held up and is not seen.
final class LegacyDatabase implements AutoCloseable {
  private static final int PAGE = 500;

  /// What is done with a page of conversations, and their messages in the order they were said.
  interface Page {
    void read(List<Map<String, Object>> conversations, Map<Object, List<Map<String, Object>>> said)
        throws IOException;
  }

  private final Connection connection;
  private final LegacyTable conversations;
  private final LegacyTable messages;

  LegacyDatabase(LegacyAccess access) throws IOException {
    connection = access.open();
    try {
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      conversations = table("Conversation");
      messages = table("Message");
    } catch (SQLException failure) {
      throw new IOException("the database cannot be read: " + failure.getMessage(), failure);
    }
  }

  private LegacyTable table(String model) throws SQLException, IOException {
    return LegacyTable.find(connection, model)
        .orElseThrow(() -> new IOException("the database has no table of the model " + model));
  }

  void conversations(Page page) throws IOException {
    try {
      for (Object after = ""; after != null; ) {
        var rows = page(after);
        page.read(rows, messages(rows));
        after = rows.size() < PAGE ? null : rows.getLast().get("id").toString();
      }
    } catch (SQLException failure) {
      throw new IOException("the database cannot be read: " + failure.getMessage(), failure);
    }
  }

  /// Every row of a model that is small: settings, files. None where there is no such table.
  List<Map<String, Object>> all(String model) throws IOException {
    try {
      var table = LegacyTable.find(connection, model);
      if (table.isEmpty()) {
        return List.of();
      }
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery("select * from " + table.get().quoted())) {
        var all = new ArrayList<Map<String, Object>>();
        while (rows.next()) {
          all.add(table.get().row(rows));
        }
        return all;
      }
    } catch (SQLException failure) {
      throw new IOException("the database cannot be read: " + failure.getMessage(), failure);
    }
  }

  private List<Map<String, Object>> page(Object after) throws SQLException {
    var id = conversations.column("id") + "::text collate \"C\"";
    var sql =
        "select * from %s where %s > ? order by %s limit %d"
            .formatted(conversations.quoted(), id, id, PAGE);
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, after.toString());
      try (var rows = statement.executeQuery()) {
        var page = new ArrayList<Map<String, Object>>();
        while (rows.next()) {
          page.add(conversations.row(rows));
        }
        return page;
      }
    }
  }

  private Map<Object, List<Map<String, Object>>> messages(List<Map<String, Object>> page)
      throws SQLException {
    var byConversation = new HashMap<Object, List<Map<String, Object>>>();
    var sql =
        "select * from %s where %s::text = any (?) order by %s, %s::text collate \"C\""
            .formatted(
                messages.quoted(),
                messages.column("conversationid"),
                messages.column("createdat"),
                messages.column("id"));
    try (var statement = connection.prepareStatement(sql)) {
      var ids = page.stream().map(row -> row.get("id").toString()).toArray();
      statement.setArray(1, connection.createArrayOf("text", ids));
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var row = new LinkedHashMap<>(messages.row(rows));
          byConversation
              .computeIfAbsent(row.get("conversationid").toString(), _ -> new ArrayList<>())
              .add(row);
        }
      }
    }
    return byConversation;
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
