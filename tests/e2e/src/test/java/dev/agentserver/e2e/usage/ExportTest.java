package dev.agentserver.e2e.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Usage through the gateway: as files, as a dashboard.
@ExtendWith(SharedServer.class)
class ExportTest {
  private final Http http;
  private final Http nobody;

  ExportTest(Server server) {
    http = User.member(server).http();
    nobody = User.anonymous(server).http();
  }

  private void record(String model) {
    http.post(
            "/v1/usage",
            """
            {"record": {"idempotency_key": "%s", "provider": "openai", "model": "%s",
              "raw_usage": "{\\"prompt_tokens\\": 1000, \\"completion_tokens\\": 50, \\"total_tokens\\": 1050}"}}"""
                .formatted(UUID.randomUUID(), model))
        .expect(200);
  }

  @Test
  void aBrowserDownloadsFilesThatAddUpToWhatTheDashboardShows() {
    record("gpt-4.1");
    record("gpt-4.1");
    record("=of-nobody");

    var shown = http.get("/v1/dashboard?days=1").expect(200).json().path("current");
    assertThat(shown.path("events").asText()).isEqualTo("3");
    assertThat(shown.path("unpriced_events").asText()).isEqualTo("1");

    var csv = http.get("/v1/usage:export").expect(200);
    assertThat(csv.header("content-type")).contains("text/csv; charset=utf-8");
    assertThat(csv.header("content-disposition")).contains("attachment; filename=\"usage.csv\"");
    assertThat(csv.body()).startsWith("\uFEFFday,local_time,").contains(",'=of-nobody,");
    assertThat(csv.body().lines()).hasSize(4);
    assertThat(sum(csv.body(), "cost")).isEqualByComparingTo(shown.path("cost").asText());

    var focus = http.get("/v1/usage:export?format=EXPORT_FORMAT_FOCUS").expect(200);
    assertThat(focus.header("content-disposition"))
        .contains("attachment; filename=\"usage.focus.csv\"");
    assertThat(focus.body()).startsWith("BilledCost,BillingAccountId,");
    assertThat(sum(focus.body(), "BilledCost")).isEqualByComparingTo(shown.path("cost").asText());

    var jsonl = http.get("/v1/usage:export?format=EXPORT_FORMAT_JSONL").expect(200);
    assertThat(jsonl.header("content-type")).contains("application/x-ndjson");
    assertThat(jsonl.body().lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("{") && line.endsWith("}"));

    // A link sends no headers.
    nobody.get("/v1/usage:export").expect(401);
    var ticket = http.post("/v1/tickets", "{\"path\": \"/v1/usage:export\"}").expect(200).json();
    var link = "/v1/usage:export?ticket=" + Http.encoded(ticket.path("ticket").asText());
    assertThat(nobody.get(link).expect(200).body()).isEqualTo(csv.body());

    http.get("/v1/usage:export?time_zone=Mars").expect(400);
    http.get("/v1/usage:export?user_id=" + UUID.randomUUID()).expect(403);
  }

  /// Of cells without quotes, as those of these rows are up to the column.
  private static BigDecimal sum(String csv, String column) {
    var rows = csv.replace("\uFEFF", "").lines().toList();
    var place = List.of(rows.getFirst().split(",")).indexOf(column);
    return rows.stream()
        .skip(1)
        .map(row -> row.split(",", -1)[place])
        .filter(cell -> !cell.isEmpty())
        .map(BigDecimal::new)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Test
  void eventsOfAnApplicationAreCounted() {
    var events =
        "{\"events\": [{\"id\": \"%s\", \"name\": \"opened\", \"properties\": {\"client\": \"web\"}}]}"
            .formatted(UUID.randomUUID());
    assertThat(http.post("/v1/analytics:track", events).expect(200).json().path("recorded").asInt())
        .isEqualTo(1);
    assertThat(
            http.post("/v1/analytics:track", events).expect(200).json().path("duplicates").asInt())
        .isEqualTo(1);
    var group =
        http.get("/v1/analytics:query?group_by=ANALYTICS_DIMENSION_NAME")
            .expect(200)
            .json()
            .path("groups")
            .path(0);
    assertThat(group.path("keys").path(0).asText()).isEqualTo("opened");
    assertThat(group.path("events").asText()).isEqualTo("1");
  }
}
