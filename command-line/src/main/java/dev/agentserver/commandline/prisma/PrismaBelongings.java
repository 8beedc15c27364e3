package dev.agentserver.commandline.prisma;

import dev.agentserver.commandline.history.OldIds;
import dev.agentserver.file.v1.File;
import dev.agentserver.settings.v1.ChatSettings;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Writes how users chat and which files they have into legacy tables, which it makes where they
/// are not there. A file that came from a row there needs no other.
public final class PrismaBelongings {
  private static final String TABLES =
      """
      create table if not exists "ChatSettings" (
        "id" text primary key,
        "userId" text not null unique,
        "enabledTools" text[],
        "enabledAgents" text[],
        "model" text,
        "temperature" double precision not null default 0.7,
        "maxTokens" integer not null default 2000
      );
      create table if not exists "FileUpload" (
        "id" text primary key,
        "userId" text not null,
        "filename" text not null,
        "contentType" text not null,
        "size" bigint not null,
        "url" text not null,
        "minioPath" text not null,
        "createdAt" timestamp(3) not null default current_timestamp
      );
      """;

  private static final String CHANGE =
      """
      update "ChatSettings" set "enabledTools" = ?, "enabledAgents" = ?, "model" = ?,
        "temperature" = coalesce(?, 0.7), "maxTokens" = coalesce(?, 2000)
      where "userId" = ?
      """;

  private static final String ADD =
      """
      insert into "ChatSettings" ("enabledTools", "enabledAgents", "model", "temperature",
        "maxTokens", "userId", "id")
      values (?, ?, ?, coalesce(?, 0.7), coalesce(?, 2000), ?, gen_random_uuid()::text)
      """;

  private static final String FILE =
      """
      insert into "FileUpload" ("id", "userId", "filename", "contentType", "size", "url",
        "minioPath", "createdAt")
      values (?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private final Connection connection;
  private final Set<String> files = new HashSet<>();

  PrismaBelongings(Connection connection) throws IOException {
    this.connection = connection;
    try (var statement = connection.createStatement()) {
      statement.execute(TABLES);
      try (var rows = statement.executeQuery("select \"id\" from \"FileUpload\"")) {
        while (rows.next()) {
          files.add(OldIds.kept(PrismaSource.NAME, rows.getString(1)).toString());
        }
      }
      connection.commit();
    } catch (SQLException failure) {
      throw new IOException("the tables cannot be made: " + failure.getMessage(), failure);
    }
  }

  /// Writes how a user chats.
  public void settings(String userId, ChatSettings settings) throws IOException {
    try {
      if (settings(CHANGE, userId, settings) == 0) {
        settings(ADD, userId, settings);
      }
      connection.commit();
    } catch (SQLException failure) {
      throw new IOException(
          "settings of " + userId + " cannot be written: " + failure.getMessage(), failure);
    }
  }

  private int settings(String sql, String userId, ChatSettings settings) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      texts(statement, 1, settings.getEnabledToolsList());
      texts(statement, 2, settings.getEnabledAgentsList());
      statement.setString(3, settings.getModel().isEmpty() ? null : settings.getModel());
      statement.setObject(
          4, settings.hasTemperature() ? settings.getTemperature() : null, Types.DOUBLE);
      statement.setObject(
          5, settings.hasMaxTokens() ? settings.getMaxTokens() : null, Types.INTEGER);
      statement.setString(6, userId);
      return statement.executeUpdate();
    }
  }

  private void texts(PreparedStatement statement, int index, List<String> texts)
      throws SQLException {
    statement.setArray(index, connection.createArrayOf("text", texts.toArray()));
  }

  /// Whether the file has its row.
  public boolean has(File file) {
    return files.contains(file.getId());
  }

  /// Writes a file's row.
  public void file(String userId, File file) throws IOException {
    try (var insert = connection.prepareStatement(FILE)) {
      insert.setString(1, file.getId());
      insert.setString(2, userId);
      insert.setString(3, file.getFilename());
      insert.setString(4, file.getMediaType());
      insert.setLong(5, file.getSize());
      insert.setString(6, file.getUrl());
      insert.setString(7, file.getMinioPath());
      insert.setObject(8, Values.utc(file.getCreatedAt()));
      insert.execute();
      connection.commit();
      files.add(file.getId());
    } catch (SQLException failure) {
      throw new IOException(
          "file " + file.getId() + " cannot be written: " + failure.getMessage(), failure);
    }
  }
}
