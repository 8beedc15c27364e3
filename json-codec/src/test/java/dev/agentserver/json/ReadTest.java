package dev.agentserver.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf_test_messages.proto3.TestMessagesProto3.TestAllTypesProto3;
import dev.agentserver.json.conformance.Suite;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where the codec is stricter than JsonFormat, and what it says then.
class ReadTest {
  private static final Descriptor ALL = TestAllTypesProto3.getDescriptor();
  private static final JsonCodec CODEC =
      new JsonCodec(Suite.REGISTRY, Suite.EXTENSIONS, JsonOptions.STANDARD);
  private static final JsonCodec LENIENT =
      new JsonCodec(Suite.REGISTRY, Suite.EXTENSIONS, JsonOptions.STANDARD.ignoringUnknown());

  private static TestAllTypesProto3 read(String json) throws InvalidProtocolBufferException {
    return TestAllTypesProto3.parseFrom(CODEC.read(ALL, utf8(json)).wire());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"optionalBool\": \"true\"} | optionalBool | is not a value of type bool",
        "{\"optionalString\": 5} | optionalString | is not a value of type string",
        "{\"optionalInt32\": \" 5\"} | optionalInt32 | is not a whole number",
        "{\"optionalInt32\": \"\"} | optionalInt32 | is not a whole number",
        "{\"optionalUint64\": -1} | optionalUint64 | does not fit into 64 bits without sign",
        "{\"optionalBytes\": \"a\"} | optionalBytes | is not base64",
        "{\"optionalBytes\": \"====\"} | optionalBytes | is not base64",
        "{\"optionalBytes\": \"YQ=\"} | optionalBytes | is not base64",
        "{\"optionalDuration\": \"+1s\"} | optionalDuration | is not a duration in seconds, for example \"1.5s\"",
        "{\"optionalDuration\": \"1.s\"} | optionalDuration | is not a duration in seconds, for example \"1.5s\"",
        "{\"repeatedInt32\": [1, 2, {}]} | repeatedInt32[2] | is not a value of type int32",
        "{\"mapStringNestedMessage\": {\"a.b\": {\"a\": []}}} | mapStringNestedMessage.a.b.a | is not a value of type int32",
        "{\"optionalNestedMessage\": {\"corecursive\": {\"nope\": 1}}} | optionalNestedMessage.corecursive.nope | is not a field of TestAllTypesProto3",
        "{\"optionalAny\": {\"value\": 1}} | optionalAny | is not an Any: it has no @type",
        "{\"optionalAny\": {\"@type\": \"t/google.protobuf.Duration\", \"values\": \"1s\"}} | optionalAny.values | is not a field of an Any that holds a Duration",
        "{\"optionalStruct\": {\"a\": [1, {\"b\": 1, \"b\": 2}]}} | optionalStruct.a[1].b | is there twice",
        "{\"\\u006fptionalInt32\": 1, \"optional_int32\": 2} | optional_int32 | is there twice"
      })
  void whatIsWrongIsRefusedByItsPlace(String json, String place, String message) {
    assertThatThrownBy(() -> read(json))
        .asInstanceOf(type(JsonException.class))
        .satisfies(
            refused -> {
              assertThat(refused.place()).isEqualTo(place);
              assertThat(refused).hasMessage(message);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"optionalInt32\": 1,}",
        "{,}",
        "{\"optionalInt32\" 1}",
        "{\"optionalInt32\": 1",
        "{\"optionalInt32\": 01}",
        "{\"optionalInt32\": 1.}",
        "{\"optionalInt32\": .5}",
        "{\"optionalInt32\": +1}",
        "{\"optionalInt32\": 1e}",
        "{\"optionalInt32\": 0x10}",
        "{\"optionalInt32\": -}",
        "{\"optionalBool\": truE}",
        "{\"optionalBool\": trueish}",
        "{\"optionalBool\": tru",
        "{\"optionalDouble\": NaN}",
        "{\"optionalString\": \"\\x\"}",
        "{\"optionalString\": \"\\u12g4\"}",
        "{\"optionalString\": \"\\u12",
        "{\"optionalString\": \"a\tb\"}",
        "{\"optionalString\": 'a'}",
        "{optionalString: \"a\"}",
        "{\"repeatedInt32\": [1 2]}",
        "{\"repeatedInt32\": [1,]}",
        "{\"repeatedInt32\": [1}",
        "{} {}",
        "{}x",
        "// nothing\n{}",
        "",
        " "
      })
  void whatIsNotJsonIsRefused(String json) {
    assertThatThrownBy(() -> read(json))
        .asInstanceOf(type(JsonException.class))
        .extracting(JsonException::place)
        .isEqualTo("body");
  }

  @ParameterizedTest
  @CsvSource({"1.0, 1", "1e3, 1000", "-2.50E1, -25", "\"7\", 7", "\"1e0\", 1", "-0, 0"})
  void wholeNumbersAreReadHoweverTheyAreWritten(String text, int number)
      throws InvalidProtocolBufferException {
    assertThat(read("{\"optionalInt32\":" + text + "}").getOptionalInt32()).isEqualTo(number);
  }

  @Test
  void aNumberThatDoesNotEndIsRefused() {
    var digits = "1".repeat(1_001);

    for (var json : new String[] {"{\"optionalDouble\":%s}", "{\"optionalStruct\":{\"a\":%s}}"}) {
      assertThatThrownBy(() -> read(json.formatted(digits)))
          .isInstanceOf(JsonException.class)
          .hasMessage("is a number of more than 1000 characters");
    }
  }

  @Test
  void negativeZeroStaysNegative() throws InvalidProtocolBufferException {
    assertThat(read("{\"optionalDouble\": -0.0}").getOptionalDouble()).isEqualTo(-0.0);
    assertThat(read("{\"optionalDouble\": -0}").getOptionalDouble()).isEqualTo(-0.0);
  }

  @Test
  void escapesAndPairsOfSurrogatesAreText() throws InvalidProtocolBufferException {
    assertThat(
            read("{\"optionalString\": \"a\\u00e9\\\"\\n\\ud83d\\uDE00 \\/z\"}")
                .getOptionalString())
        .isEqualTo("aé\"\n\ud83d\ude00 /z");
  }

  @Test
  void bytesAreReadInBothAlphabets() throws InvalidProtocolBufferException {
    for (var text : new String[] {"-_8=", "+/8=", "-_8", "+/\\r\\n8="}) {
      assertThat(read("{\"optionalBytes\": \"" + text + "\"}").getOptionalBytes().toByteArray())
          .as(text)
          .containsExactly(0xFB, 0xFF);
    }
  }

  @Test
  void longMessagesGetTheirLengthInFront() throws InvalidProtocolBufferException {
    for (int length : new int[] {100, 127, 128, 16_383, 16_384, 2_097_152}) {
      var text = "x".repeat(length);
      var nested =
          "{\"recursiveMessage\":{\"recursiveMessage\":{\"optionalString\":\"" + text + "\"}}}";

      var inner = read(nested).getRecursiveMessage().getRecursiveMessage();

      assertThat(inner.getOptionalString()).isEqualTo(text);
    }
  }

  @Test
  void whatIsUnknownIsPassedOverWhereThatIsAsked() throws InvalidProtocolBufferException {
    var json =
        """
        {"nope": {"a": [1, "x", {"b": null}]}, "optionalNestedEnum": "NOPE", "optionalInt32": 1,
         "repeatedNestedEnum": ["FOO", "NOPE", "BAR"], "mapStringNestedEnum": {"a": "NOPE", "b": "BAR"}}
        """;

    var message = TestAllTypesProto3.parseFrom(LENIENT.read(ALL, utf8(json)).wire());

    assertThat(message.getOptionalInt32()).isEqualTo(1);
    assertThat(message.getRepeatedNestedEnumList())
        .containsExactly(TestAllTypesProto3.NestedEnum.FOO, TestAllTypesProto3.NestedEnum.BAR);
    assertThat(message.getMapStringNestedEnumMap()).containsOnlyKeys("b");
  }

  @Test
  void aFloodOfSmallValuesIsRefused() {
    var json = "{\"repeatedNestedMessage\":[" + "{},".repeat(300_000) + "{}]}";

    assertThatThrownBy(() -> read(json))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("has more than 500000 values");
  }
}
