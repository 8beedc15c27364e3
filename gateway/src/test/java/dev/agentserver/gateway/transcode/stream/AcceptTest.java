package dev.agentserver.gateway.transcode.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/event-stream | text/event-stream",
        "Text/Event-Stream;charset=utf-8 | text/event-stream",
        "application/x-ndjson | application/x-ndjson",
        "application/jsonl | application/jsonl",
        "application/json | application/json",
        "*/* | application/json",
        "application/* | application/json",
        "text/* | text/event-stream",
        "text/event-stream, */* | text/event-stream",
        "*/*, application/x-ndjson | application/x-ndjson",
        "application/json, text/event-stream | application/json",
        "text/event-stream, application/json | text/event-stream",
        "application/json;q=0.5, text/event-stream;q=0.8 | text/event-stream",
        "text/event-stream; q=0.1, application/json ; q=0.9 | application/json",
        "text/event-stream;q=0, */* | application/json",
        "application/json;q=0, */*;q=0.1 | text/event-stream",
        "*/*;q=0.1, application/jsonl;q=0.05 | application/json",
        "text/html, application/xhtml+xml | application/json",
        "text/event-stream;q=0 | application/json",
        "text/event-stream;q=much | text/event-stream",
        ", ;q=1,/ | application/json"
      })
  void theFormatIsTheOneTheClientLikesBest(String accept, String mediaType) {
    assertThat(Accept.choose(List.of(accept)).mediaType()).isEqualTo(mediaType);
  }

  @Test
  void withoutTheHeaderItIsJson() {
    assertThat(Accept.choose(List.of())).isEqualTo(new JsonArray());
  }

  @Test
  void severalHeadersAreOne() {
    assertThat(Accept.choose(List.of("text/html", "application/jsonl")).mediaType())
        .isEqualTo("application/jsonl");
  }
}
