package dev.agentserver.json.print;

import dev.agentserver.json.plan.FieldPlan;
import dev.agentserver.json.text.Buffer;
import dev.agentserver.json.text.Numbers;
import dev.agentserver.json.text.Quoted;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;

/// Prints maps in the order of the wire. A key that comes again keeps its place and gets the new
/// value, as in a map in memory.
final class Maps {
  private final Printer printer;
  private final WireInput in;
  private final Buffer out;
  private final Values values;

  /// Whether the entry at hand has a value that its closed enum does not know.
  private boolean unknownValue;

  Maps(Printer printer, Values values) {
    this.printer = printer;
    this.in = printer.in;
    this.out = printer.out;
    this.values = values;
  }

  /// Prints the entries from the one whose tag was read on.
  ///
  /// @return how many there are
  int print(FieldPlan field, int end, int depth) {
    int start = out.size();
    int first = in.at;
    var keys = new KeySet(out);
    int count = 0;
    out.put('{');
    do {
      int stop = in.length(end);
      int mark = out.size();
      if (count > 0) {
        out.put(',');
      }
      int from = out.size();
      key(field, stop);
      if (!keys.add(from, out.size())) {
        out.truncate(start);
        in.at = first;
        return withoutDoubles(field, end, depth);
      }
      if (value(field, stop, depth)) {
        count++;
      } else {
        out.truncate(mark);
        keys.removeLast();
      }
    } while (printer.nextOf(field, end) != 0);
    out.put('}');
    return count;
  }

  private int withoutDoubles(FieldPlan field, int end, int depth) {
    var entries = new LinkedHashMap<String, Integer>();
    do {
      int entry = in.at;
      int stop = in.length(end);
      int mark = out.size();
      key(field, stop);
      boolean isKnown = value(field, stop, depth);
      if (isKnown) {
        out.truncate(mark);
        in.at = entry;
        key(field, in.length(end));
        entries.put(
            new String(out.array(), mark, out.size() - mark, StandardCharsets.UTF_8), entry);
      }
      in.at = stop;
      out.truncate(mark);
    } while (printer.nextOf(field, end) != 0);
    int after = in.at;
    char separator = '{';
    for (int entry : entries.values()) {
      out.put(separator);
      separator = ',';
      in.at = entry;
      int stop = in.length(end);
      key(field, stop);
      value(field, stop, depth);
    }
    out.put('}');
    in.at = after;
    return entries.size();
  }

  /// Prints the key of the entry that begins here, and a colon.
  private void key(FieldPlan map, int stop) {
    var key = map.message().field(0);
    unknownValue = false;
    passUnknown(map, stop);
    int start = in.at;
    int tag = start < stop ? in.tag(stop) : 0;
    if (tag == key.tag) {
      keyValue(key, stop);
    } else {
      in.at = start;
      defaultKey(key);
    }
    out.put(':');
  }

  private void keyValue(FieldPlan key, int stop) {
    switch (key.type) {
      case STRING, INT64, UINT64, SINT64, FIXED64, SFIXED64 -> values.print(key, stop, 0);
      case BOOL, INT32, UINT32, SINT32, FIXED32, SFIXED32 -> {
        out.put('"');
        values.print(key, stop, 0);
        out.put('"');
      }
      case FLOAT, DOUBLE, BYTES, ENUM, MESSAGE, GROUP -> throw new IllegalStateException(key.name);
    }
  }

  private void defaultKey(FieldPlan key) {
    switch (key.type) {
      case STRING -> Quoted.print(out, "");
      case BOOL -> Quoted.print(out, "false");
      default -> {
        out.put('"');
        Numbers.print(out, 0L);
        out.put('"');
      }
    }
  }

  /// Prints the rest of an entry.
  ///
  /// @return false where its closed enum does not know the value
  private boolean value(FieldPlan map, int stop, int depth) {
    var value = map.message().field(1);
    passUnknown(map, stop);
    if (in.at < stop) {
      if (in.tag(stop) != value.tag) {
        throw NotCanonical.SEEN;
      }
      values.print(value, stop, depth + 1);
      passUnknown(map, stop);
      if (in.at < stop) {
        throw NotCanonical.SEEN;
      }
      return true;
    }
    if (unknownValue) {
      return false;
    }
    var zero = value.zero();
    if (zero == null) {
      printer.message(value.message(), stop, depth + 2);
    } else {
      out.put(zero);
    }
    return true;
  }

  /// Passes over what is neither key nor value of an entry.
  private void passUnknown(FieldPlan map, int stop) {
    var entry = map.message();
    while (in.at < stop) {
      int start = in.at;
      int tag = in.tag(stop);
      if (printer.known(entry, tag, stop) != null) {
        in.at = start;
        return;
      }
      unknownValue |= tag == entry.field(1).tag;
      in.skip(tag, stop);
    }
  }
}
