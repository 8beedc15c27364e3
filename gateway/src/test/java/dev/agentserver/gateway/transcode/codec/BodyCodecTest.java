package dev.agentserver.gateway.transcode.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.gateway.contract.FieldPath;
import dev.agentserver.gateway.fault.Details;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.test.TestContracts;
import dev.agentserver.test.notebook.Note;
import dev.agentserver.test.notebook.UpdateNoteRequest;
import dev.agentserver.test.types.Everything;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyCodecTest {
  private static final Descriptor EVERYTHING = TestContracts.type("types.v1.Everything");
  private static final Descriptor UPDATE = TestContracts.type("notebook.v1.UpdateNoteRequest");
  private static final BodyCodec CODEC = new BodyCodec(TestContracts.load().types());

  private static Body read(String json) {
    return CODEC.read(EVERYTHING, json.getBytes(StandardCharsets.UTF_8));
  }

  private static Everything everything(String json) throws InvalidProtocolBufferException {
    return Everything.parseFrom(read(json).wire());
  }

  private static void assertRefused(String json, String field, String why) {
    assertThatThrownBy(() -> read(json))
        .asInstanceOf(type(Fault.class))
        .satisfies(
            fault -> {
              assertThat(fault.http()).isEqualTo(400);
              assertThat(fault).hasMessageStartingWith(field + " ").hasMessageContaining(why);
              assertThat(Details.reason(fault.status())).isEqualTo("INVALID_ARGUMENT");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"int32_value\": -1, \"int64Value\": \"-9223372036854775808\", \"uint32_value\": 4294967295}",
        "{\"uint64_value\": \"18446744073709551615\", \"sint32_value\": -2147483648, \"sint64_value\": 7}",
        "{\"fixed32_value\": 1, \"fixed64_value\": \"2\", \"sfixed32_value\": -3, \"sfixed64_value\": -4}",
        "{\"int32_value\": 1.0, \"int64_value\": 1e3, \"uint32_value\": \"12\"}",
        "{\"float_value\": 1.5, \"double_value\": \"NaN\"}",
        "{\"float_value\": \"-Infinity\", \"double_value\": \"Infinity\"}",
        "{\"bool_value\": true, \"string_value\": \"h\\u00e9llo \\ud83d\\ude00 \\u0000\", \"bytes_value\": \"aGk=\"}",
        "{\"bytes_value\": \"-_-_\", \"color\": \"RED\", \"optional_value\": \"\"}",
        "{\"color\": 1, \"numbers\": [1, \"2\", 3.0], \"children\": [{}, {\"int32_value\": 1}]}",
        "{\"color\": 77, \"texts\": {\"a\": \"b\", \"\": \"\"}, \"by_number\": {\"-1\": {\"bool_value\": true}}}",
        "{\"by_flag\": {\"true\": \"RED\", \"false\": 0}, \"child\": {\"child\": {\"string_value\": \"x\"}}}",
        "{\"left\": \"\"}",
        "{\"left\": null, \"right\": {}}",
        "{\"nothing\": null}",
        "{\"timestamp\": \"2026-01-31T12:00:00.123456789Z\", \"duration\": \"-1.5s\"}",
        "{\"timestamp\": \"2026-01-31T12:00:00+02:00\"}",
        "{\"timestamp\": \"0001-01-01T00:00:00Z\", \"duration\": \"-315576000000.999999999s\"}",
        "{\"mask\": \"fooBar,baz.quxQuux\", \"struct\": {\"a\": [1, null, {\"b\": true}], \"c\": \"d\"}}",
        "{\"value\": null, \"list\": [null, 1.5, \"x\", [], {}], \"values\": [null, false]}",
        "{\"any\": {\"@type\": \"type.googleapis.com/types.v1.Everything\", \"int32Value\": 5}}",
        "{\"any\": {\"value\": \"3s\", \"@type\": \"type.googleapis.com/google.protobuf.Duration\"}, \"empty\": {}}",
        "{\"wrapped_bool\": false, \"wrapped_string\": \"s\", \"wrapped_bytes\": \"AA==\", \"wrapped_int32\": 1}",
        "{\"wrapped_int64\": \"2\", \"wrapped_uint32\": 3, \"wrapped_uint64\": \"4\", \"wrapped_float\": 0.5}",
        "{\"wrapped_double\": 1, \"int32_value\": null, \"numbers\": null, \"texts\": null, \"child\": null}"
      })
  void readsAndPrintsAsJsonFormatDoes(String json) throws InvalidProtocolBufferException {
    var registry = JsonFormat.TypeRegistry.newBuilder().add(Everything.getDescriptor()).build();
    var expected = Everything.newBuilder();
    JsonFormat.parser().usingTypeRegistry(registry).merge(json, expected);

    assertThat(everything(json)).isEqualTo(expected.build());

    var printed =
        new String(CODEC.print(EVERYTHING, expected.build().toByteArray()), StandardCharsets.UTF_8);
    assertThat(everything(printed)).isEqualTo(expected.build());
  }

  @Test
  void whatHasNoPresenceIsPrintedAndWhatIsUnsetIsNot() {
    var note = TestContracts.type("notebook.v1.Note");

    var printed = new String(CODEC.print(note, new byte[0]), StandardCharsets.UTF_8);

    assertThat(printed)
        .isEqualTo(
            "{\"id\":\"\",\"title\":\"\",\"text\":\"\",\"labels\":[],\"metadata\":{},"
                + "\"etag\":\"\",\"reads\":\"0\"}");
  }

  @Test
  void masksAreReadInBothSpellings() throws InvalidProtocolBufferException {
    assertThat(everything("{\"mask\": \"foo_bar, bazQux.a,,\"}").getMask().getPathsList())
        .containsExactly("foo_bar", "baz_qux.a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"int32_value\": \"x\"} | int32_value | whole number",
        "{\"int32_value\": 1.5} | int32_value | whole number",
        "{\"int32_value\": 2147483648} | int32_value | 32 bits",
        "{\"int32_value\": 1e999999999} | int32_value | too large",
        "{\"int32_value\": 1e-999999999} | int32_value | whole number",
        "{\"int32_value\": true} | int32_value | int32",
        "{\"int64_value\": 9223372036854775808} | int64_value | 64 bits",
        "{\"uint32_value\": -1} | uint32_value | without sign",
        "{\"float_value\": 1e39} | float_value | too large",
        "{\"double_value\": 1e999} | double_value | too large",
        "{\"double_value\": \"1,5\"} | double_value | number",
        "{\"bool_value\": \"true\"} | bool_value | bool",
        "{\"string_value\": 5} | string_value | string",
        "{\"string_value\": \"\\ud800\"} | string_value | lone surrogate",
        "{\"string_value\": \"\\udc00x\"} | string_value | lone surrogate",
        "{\"bytes_value\": \"a?\"} | bytes_value | base64",
        "{\"color\": \"BLUE\"} | color | COLOR_UNSPECIFIED, RED",
        "{\"numbers\": 5} | numbers | array",
        "{\"numbers\": [1, null]} | numbers[1] | null",
        "{\"children\": [{}, {\"numbers\": [1, 2, \"x\"]}]} | children[1].numbers[2] | whole number",
        "{\"texts\": []} | texts | object",
        "{\"texts\": {\"a\": null}} | texts.a | null",
        "{\"texts\": {\"a\": \"1\", \"a\": \"2\"}} | texts.a | twice",
        "{\"by_number\": {\"x\": {}}} | by_number.x | whole number",
        "{\"child\": []} | child | object",
        "{\"child\": {\"nope\": 1}} | child.nope | not a field of Everything",
        "{\"string_value\": \"a\", \"stringValue\": \"b\"} | stringValue | twice",
        "{\"left\": \"a\", \"right\": {}} | right | beside another field of choice",
        "{\"timestamp\": \"yesterday\"} | timestamp | RFC 3339",
        "{\"timestamp\": 5} | timestamp | string",
        "{\"timestamp\": \"2026-02-30T12:00:00Z\"} | timestamp | RFC 3339",
        "{\"timestamp\": \"2026-01-31T12:00:581Z\"} | timestamp | RFC 3339",
        "{\"timestamp\": \"0000-01-31T12:00:00Z\"} | timestamp | RFC 3339",
        "{\"timestamp\": \"9999-12-31T23:59:59-01:00\"} | timestamp | RFC 3339",
        "{\"duration\": \"5\"} | duration | seconds",
        "{\"struct\": {\"a\": 1, \"a\": 2}} | struct.a | twice",
        "{\"struct\": {\"a\": \"\\ud800\"}} | struct.a | lone surrogate",
        "{\"struct\": {\"a\": [1, 1e999]}} | struct.a[1] | too large",
        "{\"struct\": []} | struct | object",
        "{\"list\": {}} | list | array",
        "{\"any\": {\"@type\": \"type.googleapis.com/none.Such\"}} | any | Any",
        "{\"any\": {\"@type\": \"\\ud800\"}} | any.@type | lone surrogate",
        "{\"wrapped_int32\": \"x\"} | wrapped_int32 | whole number",
        "{\"wrapped_bool\": \"x\"} | wrapped_bool | bool",
        "{\"empty\": {\"x\": 1}} | empty.x | not a field",
        "[] | body | object",
        "5 | body | object"
      })
  void whatIsWrongIsRefusedByName(String json, String field, String why) {
    assertRefused(json, field, why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INVALID_JSON",
        "{ \"string_value\" : \"a\"",
        "{ \"string_value\"  \"a\" }",
        "{ \"string_value\" : \"a\" }EXTRA",
        "{ \"string_value\" : \"a\" } {}",
        "{ \"string_value\" : \"a\", }",
        "{ 'string_value' : \"a\" }",
        "{ string_value : \"a\" }",
        "{ \"string_value\" : \"a\u0000b\" }",
        "{ \"double_value\" : NaN }",
        "{ \"int32_value\" : 01 }",
        "  ",
        "\r \t\n",
        "{"
      })
  void whatIsNotJsonIsRefusedByPosition(String json) {
    assertRefused(json, "body", "");
  }

  @Test
  void brokenUtf8IsRefusedByPosition() {
    var json = new byte[] {'{', '"', (byte) 0xC3, 0x28, '"', ':', '1', '}'};

    assertThatThrownBy(() -> CODEC.read(EVERYTHING, json))
        .isInstanceOf(Fault.class)
        .hasMessage("body is not UTF-8 at byte 2");
  }

  @Test
  void brokenUtf8FarInIsFoundToo() {
    var json = "{\"string_value\":\"" + "ä".repeat(10_000);
    var bytes = (json + "?").getBytes(StandardCharsets.UTF_8);
    bytes[bytes.length - 1] = (byte) 0xff;

    assertThatThrownBy(() -> CODEC.read(EVERYTHING, bytes))
        .hasMessage("body is not UTF-8 at byte 20017");
  }

  @Test
  void depthBombsAreRefused() {
    assertTooDeep("{\"child\":".repeat(99) + "{}" + "}".repeat(99));
    assertTooDeep("{\"struct\":" + "{\"a\":".repeat(40) + "1" + "}".repeat(41));
    assertTooDeep("{\"list\":" + "[".repeat(60) + "]".repeat(60) + "}");
    assertTooDeep("{\"child\":".repeat(1_000_000));
    assertRefused("[".repeat(1_000_000), "body", "");
  }

  private static void assertTooDeep(String json) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("nested too deeply")
        .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING)
        .hasSizeLessThan(400);
  }

  @Test
  void whatIsDeepButSensibleIsReadAndPrinted() throws InvalidProtocolBufferException {
    var json = "{\"struct\":" + "{\"a\":".repeat(32) + "1" + "}".repeat(33);

    var wire = read(json).wire();

    assertThat(Everything.parseFrom(wire).getStruct().getFieldsCount()).isEqualTo(1);
    assertThat(new String(CODEC.print(EVERYTHING, wire), StandardCharsets.UTF_8))
        .contains("{\"a\":".repeat(32));
  }

  @Test
  void namesWhatABodySays() {
    var json =
        """
        {"id": "1", "labels": [], "metadata": {"a": "b"}, "dueAt": null, "weight": 0,
         "place": {"name": "", "point": {"latitude": 0}}}
        """;

    var body =
        CODEC.read(
            FieldPath.resolve(UPDATE, "note").orElseThrow(), json.getBytes(StandardCharsets.UTF_8));

    assertThat(body.named())
        .containsExactlyInAnyOrder(
            "note.id",
            "note.labels",
            "note.metadata",
            "note.due_at",
            "note.weight",
            "note.place.name",
            "note.place.point.latitude");
    assertThat(body.nulls()).containsExactly("note.due_at");
    assertThat(body.sets("note.weight")).isTrue();
    assertThat(body.sets("note.due_at")).isFalse();
  }

  @Test
  void oneFieldIsReadIntoItsPlace() throws InvalidProtocolBufferException {
    var path = FieldPath.resolve(UPDATE, "note.place.name").orElseThrow();

    var body = CODEC.read(path, "\"here\"".getBytes(StandardCharsets.UTF_8));

    var request = UpdateNoteRequest.parseFrom(body.wire());
    assertThat(request.getNote().getPlace().getName()).isEqualTo("here");
    assertThat(body.named()).containsExactly("note.place.name");
  }

  @Test
  void oneFieldIsPrintedAlone() {
    var note =
        Note.newBuilder()
            .setTitle("a")
            .setReads(5)
            .putMetadata("k", "v")
            .addLabels("x")
            .build()
            .toByteArray();
    var type = TestContracts.type("notebook.v1.Note");

    assertThat(printed(type, "title", note)).isEqualTo("\"a\"");
    assertThat(printed(type, "reads", note)).isEqualTo("\"5\"");
    assertThat(printed(type, "metadata", note)).isEqualTo("{\"k\":\"v\"}");
    assertThat(printed(type, "labels", note)).isEqualTo("[\"x\"]");
    assertThat(printed(type, "place", note)).isEqualTo("null");
  }

  private static String printed(Descriptor type, String field, byte[] wire) {
    return new String(
        CODEC.print(FieldPath.of(type.findFieldByName(field)), wire), StandardCharsets.UTF_8);
  }

  @Test
  void aReplyThatIsNoneIsOurFaultNotTheClients() {
    assertThatThrownBy(() -> CODEC.print(EVERYTHING, new byte[] {(byte) 0xff}))
        .isInstanceOf(UncheckedIOException.class);
    var unknown =
        Everything.newBuilder()
            .setAny(com.google.protobuf.Any.newBuilder().setTypeUrl("a/none.Such"))
            .build();
    assertThatThrownBy(() -> CODEC.print(EVERYTHING, unknown.toByteArray()))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void valuesAreFoundInTheWireFormat() {
    var note = FieldPath.resolve(UPDATE, "note.place.name").orElseThrow();
    var wire = Wire.concat(java.util.List.of(Wire.parse(note, "a"), Wire.parse(note, "b")));

    assertThat(Wire.last(wire, note))
        .hasValue(Wire.last(Wire.parse(note, "b"), note).orElseThrow());
    assertThat(Wire.last(wire, FieldPath.resolve(UPDATE, "note.id").orElseThrow())).isEmpty();
  }

  @Test
  void everyScalarIsWrittenWithItsDefaultToo() throws InvalidProtocolBufferException {
    for (var field : EVERYTHING.getFields()) {
      if (field.isRepeated()
          || field.getJavaType()
              == com.google.protobuf.Descriptors.FieldDescriptor.JavaType.MESSAGE) {
        continue;
      }
      var path = FieldPath.of(field);
      assertThat(Wire.defaultValue(path)).as(field.getName()).isNotEmpty();
      assertThat(Everything.parseFrom(Wire.defaultValue(path)).getUnknownFields().asMap())
          .isEmpty();
    }
    assertThat(
            ByteString.copyFrom(
                Wire.defaultValue(FieldPath.of(EVERYTHING.findFieldByName("child")))))
        .isNotEqualTo(ByteString.EMPTY);
  }

  @Test
  void fieldsAsTextForHeaders() {
    var wire =
        Everything.newBuilder()
            .setColor(Everything.Color.RED)
            .setStringValue("s")
            .setInt64Value(5)
            .build()
            .toByteArray();

    assertThat(Wire.text(wire, EVERYTHING.findFieldByName("color"))).isEqualTo("RED");
    assertThat(Wire.text(wire, EVERYTHING.findFieldByName("string_value"))).isEqualTo("s");
    assertThat(Wire.text(wire, EVERYTHING.findFieldByName("int64_value"))).isEqualTo("5");
    assertThat(Wire.text(wire, EVERYTHING.findFieldByName("int32_value"))).isEmpty();
  }
}
