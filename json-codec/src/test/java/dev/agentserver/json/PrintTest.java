package dev.agentserver.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf_test_messages.proto2.TestMessagesProto2.TestAllTypesProto2;
import com.google.protobuf_test_messages.proto3.TestMessagesProto3.TestAllTypesProto3;
import com.google.protobuf_test_messages.proto3.TestMessagesProto3.TestAllTypesProto3.NestedMessage;
import dev.agentserver.json.conformance.Suite;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the differential test cannot see, because JsonFormat does something else, or does not say
/// how it should be.
class PrintTest {
  private static final Descriptor ALL = TestAllTypesProto3.getDescriptor();
  private static final JsonCodec CODEC =
      new JsonCodec(Suite.REGISTRY, Suite.EXTENSIONS, JsonOptions.STANDARD);

  private static String print(Descriptor type, byte[] wire) {
    return new String(CODEC.print(type, wire), StandardCharsets.UTF_8);
  }

  private static String print(Message message) {
    return print(message.getDescriptorForType(), message.toByteArray());
  }

  private static byte[] concat(Message... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part.toByteArray());
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "3.0, 3",
    "-3.0, -3",
    "0.0, 0",
    "-0.0, -0.0",
    "2.5, 2.5",
    "1.0E10, 10000000000",
    "1.0E-5, 1.0E-5",
    "9.007199254740992E15, 9007199254740992",
    "1.0E16, 1.0E16",
    "-9.007199254740992E15, -9007199254740992"
  })
  void aWholeNumberIsPrintedWithoutAFraction(double number, String printed) {
    assertThat(print(Value.newBuilder().setNumberValue(number).build())).isEqualTo(printed);
  }

  @Test
  void aFloatIsPrintedInItsShortestForm() {
    assertThat(print(TestAllTypesProto3.newBuilder().setOptionalFloat(0.1f).build()))
        .isEqualTo("{\"optionalFloat\":0.1}");
    assertThat(print(TestAllTypesProto3.newBuilder().setOptionalFloat(1.0E12f).build()))
        .isEqualTo("{\"optionalFloat\":1000000000000}");
    assertThat(print(TestAllTypesProto3.newBuilder().setOptionalFloat(Float.NaN).build()))
        .isEqualTo("{\"optionalFloat\":\"NaN\"}");
  }

  @Test
  void onlyWhatMustBeEscapedIs() {
    var text = "<a href='x'>\"\\/\n\u0001 é€\u2028\ud83d\ude00";

    assertThat(print(StringValue.of(text)))
        .isEqualTo("\"<a href='x'>\\\"\\\\/\\n\\u0001 é€\u2028\ud83d\ude00\"");
  }

  @Test
  void partsOfAMessageAreMerged() {
    var one = NestedMessage.newBuilder().setA(1).build();
    var parts =
        concat(
            TestAllTypesProto3.newBuilder().setOptionalString("first").build(),
            TestAllTypesProto3.newBuilder().setOptionalNestedMessage(one).build(),
            TestAllTypesProto3.newBuilder().setOptionalString("last").build(),
            TestAllTypesProto3.newBuilder()
                .setOptionalNestedMessage(
                    NestedMessage.newBuilder()
                        .setCorecursive(TestAllTypesProto3.newBuilder().setOptionalBool(true)))
                .build());

    assertThat(print(ALL, parts))
        .isEqualTo(
            "{\"optionalString\":\"last\",\"optionalNestedMessage\":"
                + "{\"a\":1,\"corecursive\":{\"optionalBool\":true}}}");
  }

  @Test
  void ofAOneofTheLastIsPrinted() {
    var parts =
        concat(
            TestAllTypesProto3.newBuilder().setOneofUint32(5).build(),
            TestAllTypesProto3.newBuilder().setOneofString("x").build());

    assertThat(print(ALL, parts)).isEqualTo("{\"oneofString\":\"x\"}");
    assertThat(
            new String(
                CODEC.print(ALL.findFieldByName("oneof_uint32"), parts), StandardCharsets.UTF_8))
        .isEqualTo("null");
  }

  @Test
  void ofAKeyThatComesAgainTheLastValueIsPrinted() {
    var parts =
        concat(
            TestAllTypesProto3.newBuilder().putMapInt32Int32(1, 10).build(),
            TestAllTypesProto3.newBuilder().putMapInt32Int32(2, 20).build(),
            TestAllTypesProto3.newBuilder().putMapInt32Int32(1, 11).build());

    assertThat(print(ALL, parts)).isEqualTo("{\"mapInt32Int32\":{\"1\":11,\"2\":20}}");
  }

  @Test
  void amongManyKeysTheOneThatComesAgainIsFound() {
    var many = Struct.newBuilder();
    for (int i = 0; i < 40; i++) {
      many.putFields("key" + i, Value.newBuilder().setNumberValue(i).build());
    }
    var again =
        Struct.newBuilder()
            .putFields("key17", Value.newBuilder().setStringValue("new").build())
            .build();

    var printed = print(Struct.getDescriptor(), concat(many.build(), again));

    assertThat(printed).contains("\"key16\":16,\"key17\":\"new\",\"key18\":18").endsWith("39}");
  }

  @Test
  void whatAnAnyHoldsMayBeInDisorderToo() {
    var disorder =
        concat(
            TestAllTypesProto3.newBuilder().setOptionalString("x").build(),
            TestAllTypesProto3.newBuilder().setOptionalInt32(1).build());
    var any =
        com.google.protobuf.Any.newBuilder()
            .setTypeUrl("t/" + ALL.getFullName())
            .setValue(ByteString.copyFrom(disorder));

    assertThat(print(TestAllTypesProto3.newBuilder().setOptionalAny(any).build()))
        .isEqualTo(
            "{\"optionalAny\":{\"@type\":\"t/"
                + ALL.getFullName()
                + "\",\"optionalInt32\":1,\"optionalString\":\"x\"}}");
  }

  @Test
  void whatIsNotUtf8InProto2IsReplaced() {
    var wire =
        TestAllTypesProto2.newBuilder()
            .setOptionalStringBytes(ByteString.copyFrom(new byte[] {(byte) 0xC3, 0x28}))
            .build()
            .toByteArray();

    assertThat(print(TestAllTypesProto2.getDescriptor(), wire))
        .isEqualTo("{\"optionalString\":\"\uFFFD(\"}");
  }

  @Test
  void whatHasNoJsonMayBeReplacedByALaterField() {
    var wire =
        concat(
            TestAllTypesProto3.newBuilder()
                .setOptionalDuration(Duration.newBuilder().setSeconds(1).setNanos(-1))
                .build(),
            TestAllTypesProto3.newBuilder()
                .setOptionalDuration(Duration.newBuilder().setNanos(1))
                .build());

    assertThat(print(ALL, wire)).contains("\"optionalDuration\":\"1.000000001s\"");
  }

  @Test
  void aMaskOfWhatIsNoNameIsRefused() {
    var mask = FieldMask.newBuilder().addPaths("a_name").addPaths("\u041C").build();

    assertThatThrownBy(() -> print(mask))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("camelCase");
  }

  @Test
  void whatIsDeeperThanAnyServiceSendsIsRefused() {
    var deep = Value.newBuilder().setStringValue("x").build();
    for (int i = 0; i < 150; i++) {
      deep = Value.newBuilder().setListValue(ListValue.newBuilder().addValues(deep)).build();
    }
    var wire = deep.toByteArray();

    assertThatThrownBy(() -> CODEC.print(Value.getDescriptor(), wire))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("nested too deeply");
  }

  @Test
  void whatIsCutAnywhereIsRefusedAndNothingElseHappens() {
    var wire =
        TestAllTypesProto3.newBuilder()
            .setOptionalString("text")
            .setOptionalDouble(1.5)
            .addAllRepeatedInt32(java.util.List.of(1, 2, 300_000))
            .putMapStringString("key", "value")
            .setOptionalNestedMessage(NestedMessage.newBuilder().setA(7))
            .build()
            .toByteArray();
    int refused = 0;
    for (int length = 0; length < wire.length; length++) {
      var cut = java.util.Arrays.copyOf(wire, length);
      try {
        CODEC.print(ALL, cut);
      } catch (UncheckedIOException damaged) {
        refused++;
      }
    }
    // All but the places between two fields.
    assertThat(refused).isEqualTo(wire.length - 5);
  }
}
