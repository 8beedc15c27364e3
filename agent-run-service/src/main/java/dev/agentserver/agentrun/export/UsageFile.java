package dev.agentserver.agentrun.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.agentserver.agentrun.export.Used.Event;
import dev.agentserver.agentrun.export.Used.ModelSum;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/// A row for each call and model that served it: for spreadsheets and for programs.
///
/// @param isJson a JSON object on each line, else CSV with a byte order mark, by which spreadsheets
/// know that it is UTF-8
record UsageFile(boolean isJson) implements Format {
  /// @param zone of the local time
  private record Row(Event event, ModelSum part, ZoneId zone) {
    LocalDateTime local() {
      return event.occurredAt().atZone(zone).toLocalDateTime();
    }

    String decimal(BigDecimal number) {
      return Decimals.text(number);
    }
  }

  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final JsonFactory JSON = new JsonFactory();

  private static final List<Column<Row>> COLUMNS =
      List.of(
          Column.exact("day", row -> row.local().toLocalDate()),
          Column.exact("local_time", row -> CLOCK.format(row.local())),
          Column.exact("occurred_at", row -> row.event().occurredAt()),
          Column.exact("event_id", row -> row.event().id()),
          Column.text("provider", row -> row.event().provider()),
          Column.text("model", row -> row.part().model()),
          Column.text("tier", row -> row.event().tier()),
          Column.text("region", row -> row.event().region()),
          Column.number("batch", row -> row.event().batch()),
          Column.exact("user_id", row -> row.event().userId()),
          Column.exact("agent_id", row -> row.event().agentId()),
          Column.exact("run_id", row -> row.event().runId()),
          Column.text("step_key", row -> row.event().stepKey()),
          Column.exact("session_id", row -> row.event().sessionId()),
          Column.exact("conversation_id", row -> row.event().conversationId()),
          Column.exact("project_id", row -> row.event().projectId()),
          Column.exact("message_id", row -> row.event().messageId()),
          Column.exact("usage_state", row -> row.event().usageState()),
          Column.exact("price_state", row -> row.event().priceState()),
          Column.number("late", row -> row.event().late()),
          Column.number("events", row -> row.part().sum().events()),
          Column.number("unpriced_events", row -> row.part().sum().unpriced()),
          Column.exact("input_tokens", row -> row.decimal(row.part().sum().inputTokens())),
          Column.exact("output_tokens", row -> row.decimal(row.part().sum().outputTokens())),
          // No price is not a cost of nothing.
          Column.exact(
              "cost", row -> row.event().isPriced() ? row.decimal(row.part().sum().cost()) : null));

  @Override
  public String contentType() {
    return isJson ? "application/x-ndjson" : "text/csv; charset=utf-8";
  }

  @Override
  public String ending() {
    return isJson ? "jsonl" : "csv";
  }

  @Override
  public void head(StringBuilder out) {
    if (!isJson) {
      out.append('\uFEFF');
      Csv.head(COLUMNS, out);
    }
  }

  @Override
  public void rows(Used used, ZoneId zone, StringBuilder out) {
    for (var part : used.sums()) {
      var row = new Row(used.event(), part, zone);
      if (isJson) {
        json(row, out);
      } else {
        Csv.row(COLUMNS, row, out);
      }
    }
  }

  @Override
  public boolean isOfLines() {
    return false;
  }

  private static void json(Row row, StringBuilder out) {
    var line = new StringWriter();
    try (var json = JSON.createGenerator(line)) {
      json.writeStartObject();
      for (var column : COLUMNS) {
        var value = column.value().apply(row);
        if (value != null) {
          json.writeFieldName(column.name());
          write(json, value);
        }
      }
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    out.append(line).append('\n');
  }

  /// Decimals are texts: a reader that knows binary numbers only would round them.
  private static void write(JsonGenerator json, Object value) throws IOException {
    switch (value) {
      case Long number -> json.writeNumber(number);
      case Boolean so -> json.writeBoolean(so);
      default -> json.writeString(value.toString());
    }
  }
}
