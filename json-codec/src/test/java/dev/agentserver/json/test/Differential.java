package dev.agentserver.json.test;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.json.JsonCodec;
import dev.agentserver.json.JsonException;
import dev.agentserver.json.JsonOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The codec beside JsonFormat over dynamic messages. A difference is an AssertionError. Those that
/// are meant are listed in docs/json.md; each is a line of code in here.
public final class Differential {
  private record Pair(JsonCodec codec, JsonFormat.Printer printer) {}

  private static final Pattern NEGATIVE_ZERO = Pattern.compile("-0(\\.0+)?(?=[\",\\]}\\s])");

  /// The maps of the suite with closed enums, and the enums' first values.
  private static final Set<String> CLOSED_ENUMS =
      Set.of("mapStringNestedEnum", "mapStringForeignEnum");

  private static final Set<String> FIRST = Set.of("FOO", "FOREIGN_FOO");

  private static final int CONTEXT = 120;

  private final List<Pair> pairs = new ArrayList<>();
  private final JsonFormat.Parser parser;

  /// @param types what an Any may hold
  public Differential(TypeRegistry types) {
    var printer = JsonFormat.printer().usingTypeRegistry(types);
    pairs.add(pair(types, printer, false, false));
    pairs.add(pair(types, printer.preservingProtoFieldNames(), true, false));
    pairs.add(
        pair(
            types,
            printer.preservingProtoFieldNames().alwaysPrintFieldsWithNoPresence(),
            true,
            true));
    parser = JsonFormat.parser().usingTypeRegistry(types);
  }

  private static Pair pair(
      TypeRegistry types, JsonFormat.Printer printer, boolean names, boolean defaults) {
    var options = new JsonOptions(names, defaults, false, false);
    return new Pair(new JsonCodec(types, options), printer.omittingInsignificantWhitespace());
  }

  /// Prints the message by both, and reads what JsonFormat printed by both.
  ///
  /// @return the JSON
  public byte[] check(Message message, int variant) throws InvalidProtocolBufferException {
    var type = message.getDescriptorForType();
    var pair = pairs.get(variant % pairs.size());
    var expected = pair.printer.print(message);
    var printed = text(pair.codec.print(type, message.toByteArray()));
    if (!same(expected, printed)) {
      throw new AssertionError(difference(type, message, expected, printed));
    }
    var json = expected.getBytes(StandardCharsets.UTF_8);
    assertReadAlike(type, json, parsed(type, expected));
    return json;
  }

  /// Prints what is on the wire by both, however it is damaged.
  ///
  /// @return whether it can be printed
  public boolean checkWire(Descriptor type, byte[] wire) {
    var pair = pairs.getFirst();
    Optional<String> printed;
    var why = "";
    try {
      printed = Optional.of(text(pair.codec.print(type, wire)));
    } catch (UncheckedIOException unprintable) {
      if (isMeant(unprintable)) {
        return false;
      }
      printed = Optional.empty();
      why = unprintable.getMessage();
    }
    var expected = printed(pair, type, wire);
    boolean same =
        expected.isEmpty() || printed.isEmpty()
            ? expected.isEmpty() == printed.isEmpty()
            : same(expected.get(), printed.get()) || sameEntries(expected.get(), printed.get());
    if (!same) {
      throw new AssertionError(
          difference(type, HexFormat.of().formatHex(wire), expected, printed + why));
    }
    return printed.isPresent();
  }

  /// JsonFormat prints another path than the mask has.
  private static boolean isMeant(UncheckedIOException unprintable) {
    return String.valueOf(unprintable.getMessage()).contains("camelCase");
  }

  private static Optional<String> printed(Pair pair, Descriptor type, byte[] wire) {
    try {
      var message =
          DynamicMessage.newBuilder(type)
              .mergeFrom(CodedInputStream.newInstance(wire), ExtensionRegistry.getEmptyRegistry())
              .buildPartial();
      return Optional.of(pair.printer.print(message));
    } catch (IOException | IllegalArgumentException unprintable) {
      return Optional.empty();
    }
  }

  /// Reads a text that may not be JSON: what the codec reads, JsonFormat reads as the same. It also
  /// reads what is no JSON, so nothing is said of what the codec refuses.
  ///
  /// @return whether the codec read it
  public boolean checkText(Descriptor type, byte[] json) throws InvalidProtocolBufferException {
    Message read;
    try {
      read = read(type, json);
    } catch (JsonException refused) {
      return false;
    }
    Message expected;
    try {
      expected = parsed(type, text(json));
    } catch (InvalidProtocolBufferException refused) {
      if (isMixedBase64(refused)) {
        return false;
      }
      throw new AssertionError(difference(type, text(json), refused, read), refused);
    }
    assertReadAlike(type, json, expected);
    return true;
  }

  /// The codec reads base64 of both alphabets in one text, and with line breaks.
  private static boolean isMixedBase64(InvalidProtocolBufferException refused) {
    return String.valueOf(refused.getMessage()).contains("base64");
  }

  private Message parsed(Descriptor type, String json) throws InvalidProtocolBufferException {
    var message = DynamicMessage.newBuilder(type);
    parser.merge(json, message);
    return message.buildPartial();
  }

  private void assertReadAlike(Descriptor type, byte[] json, Message expected)
      throws InvalidProtocolBufferException {
    var read = read(type, json);
    if (!same(expected, read)) {
      throw new AssertionError(difference(type, text(json), expected, read));
    }
  }

  /// What an Any holds may be encoded in many ways, so it is compared as text. JsonFormat reads the
  /// double -0.0 as 0.0.
  private boolean same(Message expected, Message found) throws InvalidProtocolBufferException {
    return expected.equals(found) || everything(expected).equals(everything(found));
  }

  private String everything(Message message) throws InvalidProtocolBufferException {
    var json = pairs.getLast().printer.print(message);
    return NEGATIVE_ZERO.matcher(json).replaceAll("0.0");
  }

  private Message read(Descriptor type, byte[] json) throws InvalidProtocolBufferException {
    var wire = pairs.getFirst().codec.read(type, json).wire();
    return DynamicMessage.newBuilder(type).mergeFrom(wire).buildPartial();
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static String difference(Descriptor type, Object input, Object expected, Object found) {
    var one = expected.toString();
    var other = found.toString();
    int at = 0;
    while (at < one.length() && at < other.length() && one.charAt(at) == other.charAt(at)) {
      at++;
    }
    return "%s: expected ...%s%nfound ...%s%ninput %s"
        .formatted(type.getFullName(), around(one, at), around(other, at), input);
  }

  private static String around(String text, int at) {
    return text.substring(Math.max(at - CONTEXT, 0), Math.min(at + CONTEXT, text.length()));
  }

  /// The same members in the same order with the same values: `3.0` and `3` are one number, and a
  /// character and its escape are one character.
  private static boolean same(String expected, String found) {
    return expected.equals(found)
        || same(JsonParser.parseString(expected), JsonParser.parseString(found));
  }

  /// The same but for entries of maps that there are not: dynamic messages keep one whose value its
  /// closed enum does not know, with the first value that it does.
  private static boolean sameEntries(String expected, String found) {
    var one = JsonParser.parseString(expected);
    var other = JsonParser.parseString(found);
    forgetMadeUp(one, other);
    return same(one, other);
  }

  private static void forgetMadeUp(JsonElement expected, JsonElement found) {
    if (expected instanceof JsonArray list && found instanceof JsonArray other) {
      for (int i = 0; i < Math.min(list.size(), other.size()); i++) {
        forgetMadeUp(list.get(i), other.get(i));
      }
    }
    if (expected instanceof JsonObject object && found instanceof JsonObject other) {
      for (var name : List.copyOf(object.keySet())) {
        var value = object.get(name);
        if (CLOSED_ENUMS.contains(name) && value instanceof JsonObject map) {
          var kept = other.has(name) ? other.getAsJsonObject(name) : new JsonObject();
          map.entrySet()
              .removeIf(
                  entry ->
                      !kept.has(entry.getKey()) && FIRST.contains(entry.getValue().getAsString()));
          if (map.size() == 0 && !other.has(name)) {
            object.remove(name);
          }
        } else if (other.has(name)) {
          forgetMadeUp(value, other.get(name));
        }
      }
    }
  }

  private static boolean same(JsonElement expected, JsonElement found) {
    if (expected.isJsonObject() && found.isJsonObject()) {
      var ours = found.getAsJsonObject().entrySet().iterator();
      for (var member : expected.getAsJsonObject().entrySet()) {
        if (!ours.hasNext()) {
          return false;
        }
        var other = ours.next();
        if (!member.getKey().equals(other.getKey()) || !same(member.getValue(), other.getValue())) {
          return false;
        }
      }
      return !ours.hasNext();
    }
    if (expected.isJsonArray() && found.isJsonArray()) {
      var ours = found.getAsJsonArray();
      if (ours.size() != expected.getAsJsonArray().size()) {
        return false;
      }
      for (int i = 0; i < ours.size(); i++) {
        if (!same(expected.getAsJsonArray().get(i), ours.get(i))) {
          return false;
        }
      }
      return true;
    }
    return expected instanceof JsonPrimitive number
            && number.isNumber()
            && found instanceof JsonPrimitive other
            && other.isNumber()
        ? Double.compare(number.getAsDouble(), other.getAsDouble()) == 0
        : expected.equals(found);
  }
}
