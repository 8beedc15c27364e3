package dev.agentserver.json.print;

import com.google.protobuf.WireFormat;
import dev.agentserver.json.plan.FieldPlan;
import dev.agentserver.json.plan.Form;
import dev.agentserver.json.plan.MessagePlan;
import dev.agentserver.json.text.Buffer;
import dev.agentserver.json.text.Lengths;
import dev.agentserver.json.text.Masks;
import dev.agentserver.json.text.Quoted;
import dev.agentserver.json.text.Times;
import dev.agentserver.json.text.Utf8;
import java.nio.charset.StandardCharsets;

/// Prints the well-known types whose JSON is not an object of their fields.
final class Specials {
  private static final int FIRST_VARINT = 1 << 3 | WireFormat.WIRETYPE_VARINT;
  private static final int SECOND_VARINT = 2 << 3 | WireFormat.WIRETYPE_VARINT;
  private static final int FIRST_BYTES = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  private static final int SECOND_BYTES = 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  private static final byte[] TYPE = "\"@type\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VALUE = ",\"value\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  private final Printer printer;
  private final WireInput in;
  private final Buffer out;
  private final Values values;

  /// The seconds and nanoseconds that were read last.
  private long seconds;

  private int nanos;

  Specials(Printer printer, Values values) {
    this.printer = printer;
    this.in = printer.in;
    this.out = printer.out;
    this.values = values;
  }

  void timestamp(int end) {
    span(end);
    out.put('"');
    if (!Times.print(out, seconds, nanos)) {
      throw new Unprintable("holds a time that is not in the years 1 to 9999");
    }
    out.put('"');
  }

  void duration(int end) {
    span(end);
    out.put('"');
    if (!Lengths.print(out, seconds, nanos)) {
      throw new Unprintable("holds a duration that there is not");
    }
    out.put('"');
  }

  private void span(int end) {
    seconds = 0;
    nanos = 0;
    while (in.at < end) {
      int tag = in.tag(end);
      switch (tag) {
        case FIRST_VARINT -> seconds = in.varint(end);
        case SECOND_VARINT -> nanos = (int) in.varint(end);
        default -> in.skip(tag, end);
      }
    }
  }

  void fieldMask(int end) {
    var mask = new StringBuilder();
    while (in.at < end) {
      int tag = in.tag(end);
      if (tag == FIRST_BYTES) {
        var path = text(end);
        if (!path.isEmpty()) {
          mask.append(mask.isEmpty() ? "" : ",").append(camel(path));
        }
      } else {
        in.skip(tag, end);
      }
    }
    Quoted.print(out, mask.toString());
  }

  private String camel(String path) {
    return printer.options.anyMask()
        ? Masks.camelAnyway(path)
        : Masks.camel(path)
            .orElseThrow(() -> new Unprintable("holds a path that has no camelCase: " + path));
  }

  private String text(int end) {
    int stop = in.length(end);
    if (!Utf8.isValid(in.bytes, in.at, stop)) {
      throw new Unprintable("holds text that is not UTF-8");
    }
    var text = new String(in.bytes, in.at, stop - in.at, StandardCharsets.UTF_8);
    in.at = stop;
    return text;
  }

  /// A wrapper's value; of several the last.
  void wrapper(FieldPlan value, int end) {
    int start = out.size();
    while (in.at < end) {
      int tag = in.tag(end);
      if (tag == value.tag) {
        out.truncate(start);
        values.print(value, end, 0);
      } else {
        in.skip(tag, end);
      }
    }
    var zero = value.zero();
    if (out.size() == start && zero != null) {
      out.put(zero);
    }
  }

  void value(MessagePlan plan, int end, int depth) {
    int start = out.size();
    while (in.at < end) {
      int tag = in.tag(end);
      var kind = plan.numbered(tag >>> 3);
      if (kind == null || kind.tag != tag) {
        in.skip(tag, end);
      } else if (out.size() > start) {
        throw NotCanonical.SEEN;
      } else {
        values.print(kind, end, depth);
        if (out.array()[start] == '"' && kind.number == 2) {
          throw new Unprintable("holds a google.protobuf.Value that is NaN or infinite");
        }
      }
    }
    if (out.size() == start) {
      out.put(NULL);
    }
  }

  /// What an Any holds has an order of its own.
  void any(int end, int depth) {
    var url = "";
    int from = in.at;
    int to = in.at;
    boolean isEmpty = true;
    while (in.at < end) {
      int tag = in.tag(end);
      isEmpty &= tag == FIRST_BYTES || tag == SECOND_BYTES;
      switch (tag) {
        case FIRST_BYTES -> url = text(end);
        case SECOND_BYTES -> {
          to = in.length(end);
          from = in.at;
          in.at = to;
        }
        default -> in.skip(tag, end);
      }
    }
    if (isEmpty && url.isEmpty() && from == to) {
      out.put('{');
      out.put('}');
      return;
    }
    var plan = printer.plans.ofUrl(url);
    if (plan == null) {
      throw new Unprintable("holds an Any of a type that is not known: " + url);
    }
    if (printer.careful) {
      var bytes = Canonical.of(plan, in.bytes, from, to, printer.plans.extensions());
      var ordered = new Printer(printer.plans, printer.options, bytes, out, true);
      content(ordered, plan, url, bytes.length, depth);
    } else {
      in.at = from;
      content(printer, plan, url, to, depth);
    }
    in.at = end;
  }

  private static void content(Printer printer, MessagePlan plan, String url, int end, int depth) {
    var out = printer.out;
    out.put('{');
    out.put(TYPE);
    Quoted.print(out, url);
    if (plan.form() == Form.OBJECT) {
      printer.fields(plan, end, depth + 1, false);
    } else {
      out.put(VALUE);
      printer.message(plan, end, depth + 1);
    }
    out.put('}');
  }
}
