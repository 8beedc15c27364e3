package dev.agentserver.commandline.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentserver.commandline.source.JsonElements;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":null,\"b\":[true,false,[]],\"c\":{\"d\":\"e\"}}",
        "{\"whole\":12,\"large\":9007199254740993,\"huge\":1234567890123456789012345678901234567890}",
        "{\"part\":0.1,\"exact\":0.1000000000000000055511151231257827,\"beyond\":1E+400,\"below\":-1.5}",
        "{\"text\":\"Grüße 你好 \\uD83D\\uDE00\"}"
      })
  void whatIsKeptComesBackAsItWas(String text) throws IOException {
    var json = (ObjectNode) JsonElements.JSON.readTree(text);
    var back = Kept.of(List.of(Kept.part("test", json))).orElseThrow();
    assertThat(normal(back)).isEqualTo(normal(json));
  }

  /// Numbers by value.
  private static String normal(JsonNode json) {
    if (json.isNumber()) {
      return json.decimalValue().stripTrailingZeros().toString();
    }
    if (json.isContainerNode()) {
      var inside = new StringBuilder();
      json.fieldNames()
          .forEachRemaining(name -> inside.append(name).append(normal(json.get(name))));
      if (json.isArray()) {
        json.forEach(element -> inside.append(normal(element)).append(','));
      }
      return "[" + inside + "]";
    }
    return json.toString();
  }
}
