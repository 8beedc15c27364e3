package dev.agentserver.commandline.prisma;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.Timestamp;
import dev.agentserver.commandline.source.JsonElements;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Values of columns in the few forms that the legacy tables have: text, number, boolean, time,
/// list, JSON.
final class Values {
  private Values() {}

  /// For a `timestamp(3)`.
  static LocalDateTime utc(Timestamp time) {
    return LocalDateTime.ofEpochSecond(time.getSeconds(), time.getNanos(), ZoneOffset.UTC);
  }

  /// Prisma writes UTC into its `timestamp(3)`.
  static @Nullable Object read(ResultSet rows, int column, String type) throws SQLException {
    return switch (type) {
      case "json", "jsonb" -> {
        var text = rows.getString(column);
        yield text == null ? null : json(text);
      }
      case "timestamp" -> {
        var time = rows.getObject(column, LocalDateTime.class);
        yield time == null ? null : time.toInstant(ZoneOffset.UTC);
      }
      case "timestamptz" -> {
        var time = rows.getObject(column, OffsetDateTime.class);
        yield time == null ? null : time.toInstant();
      }
      default -> {
        var value = rows.getObject(column);
        yield switch (value) {
          case null -> null;
          case String _, Number _, Boolean _ -> value;
          case Array array -> Arrays.asList((Object[]) array.getArray());
          default -> rows.getString(column);
        };
      }
    };
  }

  static JsonNode json(String text) {
    try {
      return JsonElements.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Any of them as JSON, to be kept.
  static JsonNode json(Object value) {
    var nodes = JsonNodeFactory.instance;
    return switch (value) {
      case JsonNode json -> json;
      case String text -> nodes.textNode(text);
      case Boolean truth -> nodes.booleanNode(truth);
      case Number number -> nodes.numberNode(new BigDecimal(number.toString()));
      case Instant time -> nodes.textNode(time.toString());
      case List<?> list -> {
        var array = nodes.arrayNode();
        list.forEach(element -> array.add(element == null ? nodes.nullNode() : json(element)));
        yield array;
      }
      default -> nodes.textNode(value.toString());
    };
  }
}
