package dev.agentserver.json.read;

import com.google.protobuf.WireFormat;
import dev.agentserver.json.text.Buffer;
import java.util.HashSet;

/// Reads JSON that stays JSON: google.protobuf.Struct, ListValue and Value.
final class Structs {
  private static final int BYTES = WireFormat.WIRETYPE_LENGTH_DELIMITED;
  private static final int FIELDS = 1 << 3 | BYTES;
  private static final int KEY = 1 << 3 | BYTES;
  private static final int ENTRY_VALUE = 2 << 3 | BYTES;
  private static final int ELEMENT = 1 << 3 | BYTES;
  private static final int NULL_VALUE = 1 << 3 | WireFormat.WIRETYPE_VARINT;
  private static final int NUMBER_VALUE = 2 << 3 | WireFormat.WIRETYPE_FIXED64;
  private static final int STRING_VALUE = 3 << 3 | BYTES;
  private static final int BOOL_VALUE = 4 << 3 | WireFormat.WIRETYPE_VARINT;
  private static final int STRUCT_VALUE = 5 << 3 | BYTES;
  private static final int LIST_VALUE = 6 << 3 | BYTES;

  private final Reader reader;
  private final Scanner in;
  private final Buffer out;

  Structs(Reader reader) {
    this.reader = reader;
    this.in = reader.in;
    this.out = reader.out;
  }

  /// Each level of objects is three messages on the wire: the struct, its entry and the entry's
  /// value.
  void struct(int depth) {
    if (in.peek() != Scanner.OBJECT) {
      throw in.wrong("is not an object");
    }
    if (!in.open('}')) {
      return;
    }
    var keys = new HashSet<String>();
    do {
      in.name();
      in.requireWhole();
      if (!keys.add(in.said.text())) {
        throw in.wrong("is there twice");
      }
      out.put(FIELDS);
      int entry = out.open();
      out.put(KEY);
      text();
      out.put(ENTRY_VALUE);
      int value = out.open();
      value(depth + 2);
      out.close(value);
      out.close(entry);
    } while (in.more('}'));
  }

  void list(int depth) {
    if (in.peek() != Scanner.ARRAY) {
      throw in.wrong("is not an array");
    }
    if (!in.open(']')) {
      return;
    }
    do {
      out.put(ELEMENT);
      int value = out.open();
      value(depth + 1);
      out.close(value);
    } while (in.more(']'));
  }

  void value(int depth) {
    reader.requireDepth(depth);
    int kind = in.peek();
    switch (kind) {
      case Scanner.OBJECT -> {
        out.put(STRUCT_VALUE);
        int start = out.open();
        struct(depth + 1);
        out.close(start);
      }
      case Scanner.ARRAY -> {
        out.put(LIST_VALUE);
        int start = out.open();
        list(depth + 1);
        out.close(start);
      }
      case Scanner.STRING -> {
        in.wholeString();
        out.put(STRING_VALUE);
        text();
      }
      case Scanner.NUMBER -> number();
      case Scanner.NULL -> {
        in.literal();
        out.put(NULL_VALUE);
        out.put(0);
      }
      default -> {
        in.literal();
        out.put(BOOL_VALUE);
        out.put(kind == Scanner.TRUE ? 1 : 0);
      }
    }
  }

  private void text() {
    var said = in.said;
    out.varint(said.to - said.from);
    out.put(said.bytes, said.from, said.to);
  }

  private void number() {
    in.number();
    var number = Double.parseDouble(in.said.text());
    if (Double.isInfinite(number)) {
      throw in.wrong("is too large");
    }
    out.put(NUMBER_VALUE);
    out.fixed64(Double.doubleToRawLongBits(number));
  }
}
