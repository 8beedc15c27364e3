package dev.agentserver.json.read;

import dev.agentserver.json.JsonOptions;
import dev.agentserver.json.ReadMessage;
import dev.agentserver.json.plan.FieldPlan;
import dev.agentserver.json.plan.MessagePlan;
import dev.agentserver.json.plan.Plans;
import dev.agentserver.json.text.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads one JSON text into a message, strictly: an unknown name, a name said twice, a value of the
/// wrong kind is refused by its place. Names are read in both spellings.
public final class Reader {
  /// Protobuf parsers give up at 100 messages inside each other. Two less, so that a reply which
  /// wraps what was sent, as lists do, can still be read.
  private static final int DEEPEST = 98;

  private static final int BITS = 6;
  private static final int END_GROUP = 1;

  final Plans plans;
  final JsonOptions options;
  final Scanner in;
  final Buffer out;
  private final Values values;
  private final Specials specials;
  private final Set<String> named = new HashSet<>();
  private final Set<String> nulls = new HashSet<>();

  private Reader(Plans plans, JsonOptions options, byte[] json, String prefix) {
    this.plans = plans;
    this.options = options;
    this.in = new Scanner(json, prefix, options.trailingCommas());
    this.out = new Buffer(json.length);
    this.values = new Values(this);
    this.specials = new Specials(this, values);
  }

  /// Reads a message.
  public static ReadMessage message(
      Plans plans, JsonOptions options, MessagePlan plan, byte[] json) {
    var reader = new Reader(plans, options, json, "");
    reader.message(plan, "", 0);
    return reader.end();
  }

  /// Reads the value of one field, into a message that has nothing else.
  ///
  /// @param path the field's own in the request, for names and refusals
  public static ReadMessage field(
      Plans plans, JsonOptions options, FieldPlan field, String path, byte[] json) {
    var reader = new Reader(plans, options, json, path);
    reader.value(field, path, 1);
    return reader.end();
  }

  private ReadMessage end() {
    in.end();
    return new ReadMessage(out.toByteArray(), named, nulls);
  }

  /// Reads the message that comes next.
  ///
  /// @param path the message's own path in the request, for the names; null inside lists and maps,
  /// which have no paths
  void message(MessagePlan plan, @Nullable String path, int depth) {
    requireDepth(depth);
    switch (plan.form()) {
      case OBJECT -> object(plan, path, depth);
      case ANY -> specials.any(depth);
      case TIMESTAMP -> specials.timestamp();
      case DURATION -> specials.duration();
      case FIELD_MASK -> specials.fieldMask();
      case STRUCT -> specials.struct(depth);
      case LIST -> specials.list(depth);
      case VALUE -> specials.value(depth);
      case WRAPPER -> single(plan.field(0), depth);
    }
  }

  void requireDepth(int depth) {
    if (depth > DEEPEST) {
      in.peek();
      throw in.wrong("is nested too deeply");
    }
  }

  private void object(MessagePlan plan, @Nullable String path, int depth) {
    if (in.peek() != Scanner.OBJECT) {
      throw in.wrong("is not an object");
    }
    if (!in.open('}')) {
      return;
    }
    var seen = new Seen(plan);
    do {
      in.name();
      member(plan, seen, path, depth);
    } while (in.more('}'));
  }

  /// The fields and oneofs that an object has named so far.
  static final class Seen {
    private final long[] fields;
    private final long[] oneofs;

    Seen(MessagePlan plan) {
      this.fields = new long[(plan.fields() >> BITS) + 1];
      this.oneofs = plan.oneofs() == 0 ? fields : new long[(plan.oneofs() >> BITS) + 1];
    }

    private static boolean add(long[] bits, int index) {
      long bit = 1L << index;
      boolean isNew = (bits[index >> BITS] & bit) == 0;
      bits[index >> BITS] |= bit;
      return isNew;
    }
  }

  /// Reads the member whose name was read.
  void member(MessagePlan plan, Seen seen, @Nullable String path, int depth) {
    var field = plan.named(in.said.bytes, in.said.from, in.said.to);
    if (field == null) {
      in.requireWhole();
      if (!options.ignoreUnknown()) {
        throw in.wrong("is not a field of " + plan.type().getName());
      }
      in.skip();
      return;
    }
    if (!Seen.add(seen.fields, field.index)) {
      throw in.wrong("is there twice");
    }
    int kind = in.peek();
    if (field.oneof >= 0 && chooses(field, kind) && !Seen.add(seen.oneofs, field.oneof)) {
      throw in.wrong("is there beside another field of " + plan.oneof(field.oneof));
    }
    value(field, path == null ? null : inside(path, field), depth);
  }

  private static boolean chooses(FieldPlan field, int kind) {
    return kind != Scanner.NULL || field.nullable;
  }

  private static String inside(String path, FieldPlan field) {
    return path.isEmpty() ? field.name : path + "." + field.name;
  }

  /// Reads the value of a field.
  private void value(FieldPlan field, @Nullable String path, int depth) {
    if (in.peek() == Scanner.NULL && (field.repeated || !field.nullable)) {
      in.literal();
      name(path, true);
      return;
    }
    if (field.map) {
      map(field, depth);
    } else if (field.repeated) {
      list(field, depth);
    } else if (path != null && field.hasParts()) {
      int before = named.size();
      nested(field, path, depth);
      if (named.size() > before) {
        return;
      }
    } else {
      single(field, depth);
    }
    name(path, false);
  }

  private void name(@Nullable String path, boolean isNull) {
    if (path != null) {
      named.add(path);
      if (isNull) {
        nulls.add(path);
      }
    }
  }

  /// Reads one value; a default value that says nothing is not written.
  private void single(FieldPlan field, int depth) {
    int start = out.size();
    switch (field.type) {
      case MESSAGE, GROUP -> nested(field, null, depth);
      default -> {
        int value = written(field);
        if (field.implicit && out.isZeroFrom(value)) {
          out.truncate(start);
        }
      }
    }
  }

  /// Reads the value of a map's entry, which is written whatever it is.
  ///
  /// @return false where it is to be passed over, and nothing is written
  private boolean entryValue(FieldPlan field, int depth) {
    int start = out.size();
    switch (field.type) {
      case MESSAGE, GROUP -> nested(field, null, depth);
      default -> written(field);
    }
    return out.size() > start;
  }

  /// Reads a scalar and writes it with its tag, or nothing where it is to be passed over.
  ///
  /// @return where the value begins
  private int written(FieldPlan field) {
    int start = out.size();
    out.varint(field.tag);
    int value = out.size();
    if (!values.read(field, in.peek())) {
      out.truncate(start);
      return start;
    }
    return value;
  }

  private void nested(FieldPlan field, @Nullable String path, int depth) {
    out.varint(field.tag);
    if (field.group) {
      message(field.message(), path, depth + 1);
      out.varint(field.tag + END_GROUP);
    } else {
      int start = out.open();
      message(field.message(), path, depth + 1);
      out.close(start);
    }
  }

  private void list(FieldPlan field, int depth) {
    if (in.peek() != Scanner.ARRAY) {
      throw in.wrong("is not an array");
    }
    if (!in.open(']')) {
      return;
    }
    if (!field.packed) {
      do {
        requireElement(field);
        single(field, depth);
      } while (in.more(']'));
      return;
    }
    out.varint(field.packedTag);
    int start = out.open();
    do {
      requireElement(field);
      values.read(field, in.peek());
    } while (in.more(']'));
    out.close(start);
  }

  private void requireElement(FieldPlan field) {
    if (in.peek() == Scanner.NULL && !field.nullable) {
      throw in.wrong("is null");
    }
  }

  private void map(FieldPlan field, int depth) {
    if (in.peek() != Scanner.OBJECT) {
      throw in.wrong("is not an object");
    }
    if (!in.open('}')) {
      return;
    }
    var keys = new HashSet<String>();
    do {
      in.name();
      entry(field, keys, depth);
    } while (in.more('}'));
  }

  private void entry(FieldPlan field, Set<String> keys, int depth) {
    var entry = field.message();
    int before = out.size();
    out.varint(field.tag);
    int start = out.open();
    int key = out.size();
    out.varint(entry.field(0).tag);
    values.key(entry.field(0));
    if (!keys.add(new String(out.array(), key, out.size() - key, StandardCharsets.ISO_8859_1))) {
      throw in.wrong("is there twice");
    }
    requireElement(entry.field(1));
    if (entryValue(entry.field(1), depth + 1)) {
      out.close(start);
    } else {
      out.truncate(before);
    }
  }
}
