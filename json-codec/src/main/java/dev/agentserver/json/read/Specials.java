package dev.agentserver.json.read;

import com.google.protobuf.WireFormat;
import dev.agentserver.json.text.Buffer;
import dev.agentserver.json.text.Lengths;
import dev.agentserver.json.text.Masks;
import dev.agentserver.json.text.Span;
import dev.agentserver.json.text.Times;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/// Reads the well-known types whose JSON is not an object of their fields.
final class Specials {
  private static final int FIRST_VARINT = 1 << 3 | WireFormat.WIRETYPE_VARINT;
  private static final int SECOND_VARINT = 2 << 3 | WireFormat.WIRETYPE_VARINT;
  private static final int FIRST_BYTES = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private final Reader reader;
  private final Scanner in;
  private final Buffer out;
  private final Structs structs;
  private final Anys anys;

  Specials(Reader reader, Values values) {
    this.reader = reader;
    this.in = reader.in;
    this.out = reader.out;
    this.structs = new Structs(reader);
    this.anys = new Anys(reader);
  }

  void timestamp() {
    var said = string();
    span(legal(() -> Times.parse(said.bytes, said.from, said.to)));
  }

  void duration() {
    var said = string();
    span(legal(() -> Lengths.parse(said.bytes, said.from, said.to)));
  }

  private Strings string() {
    if (in.peek() != Scanner.STRING) {
      throw in.wrong("is not a string");
    }
    in.wholeString();
    return in.said;
  }

  private <T> T legal(Supplier<T> parsed) {
    try {
      return parsed.get();
    } catch (IllegalArgumentException wrong) {
      throw in.wrong(String.valueOf(wrong.getMessage()));
    }
  }

  private void span(Span span) {
    if (span.seconds() != 0) {
      out.put(FIRST_VARINT);
      out.varint(span.seconds());
    }
    if (span.nanos() != 0) {
      out.put(SECOND_VARINT);
      out.varint((long) span.nanos());
    }
  }

  void fieldMask() {
    var text = string().text();
    boolean any = reader.options.anyMask();
    List<String> paths = legal(() -> any ? Masks.lenient(text) : Masks.strict(text));
    for (var path : paths) {
      var utf8 = path.getBytes(StandardCharsets.UTF_8);
      out.put(FIRST_BYTES);
      out.varint(utf8.length);
      out.put(utf8);
    }
  }

  void struct(int depth) {
    structs.struct(depth);
  }

  void list(int depth) {
    structs.list(depth);
  }

  void value(int depth) {
    structs.value(depth);
  }

  void any(int depth) {
    anys.read(depth);
  }
}
