package dev.agentserver.conversation.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.agentserver.kit.problem.ProblemException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProtoTextTest {
  @Test
  void nulCharactersBecomeReplacementCharacters() {
    assertThat(ProtoText.clean("a\0b")).isEqualTo("a\uFFFDb");
    assertThat(ProtoText.clean("plain")).isEqualTo("plain");
  }

  @Test
  void nulInsideJsonIsReplacedAndAnEscapedBackslashBeforeItIsNot() {
    var nul = Struct.newBuilder().putFields("k", text("a\0b")).build();
    assertThat(ProtoText.json("f", nul)).isEqualTo("{\"k\":\"a\\ufffdb\"}");
    var literal = Struct.newBuilder().putFields("k", text("a\\u0000b")).build();
    assertThat(ProtoText.merge(ProtoText.json("f", literal), Struct.newBuilder()).build())
        .isEqualTo(literal);
  }

  @Test
  void whatJsonCannotHoldIsRefusedWithTheFieldNamed() {
    var nan = Value.newBuilder().setNumberValue(Double.NaN).build();
    assertThatThrownBy(() -> ProtoText.json("parts[2].tool_result.output", nan))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("parts[2].tool_result.output");
  }

  @Test
  void timesOutsideTheYearsOneToNineThousandAreRefused() {
    assertThat(ProtoText.instant("f", Timestamp.newBuilder().setSeconds(1).setNanos(5).build()))
        .isEqualTo(Instant.ofEpochSecond(1, 5));
    assertThatThrownBy(
            () ->
                ProtoText.instant(
                    "start_time", Timestamp.newBuilder().setSeconds(Long.MAX_VALUE).build()))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("start_time");
  }

  @Test
  void storedJsonThatDoesNotParseIsAFault() {
    assertThatThrownBy(() -> ProtoText.merge("{", Struct.newBuilder()))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}
