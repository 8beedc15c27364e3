package dev.agentserver.json.print;

import dev.agentserver.json.JsonOptions;
import dev.agentserver.json.plan.FieldPlan;
import dev.agentserver.json.plan.Form;
import dev.agentserver.json.plan.MessagePlan;
import dev.agentserver.json.plan.Plans;
import dev.agentserver.json.text.Buffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Prints messages in one pass over the wire, which is in order nearly always. Where it is not, or
/// holds what has no JSON, the message is put in order and printed anew: what cannot be printed may
/// be what a later field has taken the place of.
public final class Printer {
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};
  private static final int BITS = 6;

  final Plans plans;
  final JsonOptions options;
  final WireInput in;
  final Buffer out;

  /// Whether the message was put in order, and what it holds in an Any has to be.
  final boolean careful;

  private final Values values;
  private final Maps maps;
  private final Specials specials;

  Printer(Plans plans, JsonOptions options, byte[] wire, Buffer out, boolean careful) {
    this.plans = plans;
    this.options = options;
    this.in = new WireInput(wire);
    this.out = out;
    this.careful = careful;
    this.values = new Values(this);
    this.maps = new Maps(this, values);
    this.specials = new Specials(this, values);
  }

  /// Prints a message.
  public static void print(
      Plans plans, JsonOptions options, MessagePlan plan, byte[] wire, Buffer out) {
    inOrder(plans, options, plan, wire, out, printer -> printer.message(plan, printer.end(), 0));
  }

  /// Prints the value of one field of a message; `null` where it has none.
  public static void print(
      Plans plans,
      JsonOptions options,
      MessagePlan plan,
      FieldPlan field,
      byte[] wire,
      Buffer out) {
    inOrder(plans, options, plan, wire, out, printer -> printer.only(plan, field));
  }

  private static void inOrder(
      Plans plans,
      JsonOptions options,
      MessagePlan plan,
      byte[] wire,
      Buffer out,
      Consumer<Printer> print) {
    int start = out.size();
    try {
      print.accept(new Printer(plans, options, wire, out, false));
    } catch (NotCanonical disorder) {
      out.truncate(start);
      again(plans, options, plan, wire, out, print);
    } catch (Unprintable wrong) {
      out.truncate(start);
      try {
        again(plans, options, plan, wire, out, print);
      } catch (Unprintable _) {
        throw wrong;
      }
    }
  }

  /// What protobuf has put in order is in order.
  private static void again(
      Plans plans,
      JsonOptions options,
      MessagePlan plan,
      byte[] wire,
      Buffer out,
      Consumer<Printer> print) {
    var canonical = Canonical.of(plan, wire, 0, wire.length, plans.extensions());
    try {
      print.accept(new Printer(plans, options, canonical, out, true));
    } catch (NotCanonical impossible) {
      throw new Unprintable("cannot be put in order");
    }
  }

  private int end() {
    return in.bytes.length;
  }

  private void only(MessagePlan plan, FieldPlan only) {
    int end = end();
    boolean seen = false;
    boolean rival = false;
    while (in.at < end) {
      int tag = in.tag(end);
      var field = known(plan, tag, end);
      boolean isOnly = field == only;
      boolean isRival = !isOnly && field != null && field.oneof >= 0 && field.oneof == only.oneof;
      if (seen && (isOnly || isRival) || rival && isOnly) {
        throw NotCanonical.SEEN;
      }
      rival |= isRival;
      if (isOnly) {
        int start = out.size();
        seen = value(only, tag, end, 0);
        out.truncate(seen ? out.size() : start);
      } else {
        in.skip(tag, end);
      }
    }
    if (!seen) {
      var unset = only.unset();
      out.put(unset == null ? NULL : unset);
    }
  }

  /// Prints the message that goes on until `end`.
  void message(MessagePlan plan, int end, int depth) {
    // What is JSON in itself is three messages for each level.
    if (depth > (plan.form() == Form.OBJECT ? options.deepest() : JsonOptions.DEEPEST)) {
      throw new Unprintable("is nested too deeply");
    }
    switch (plan.form()) {
      case OBJECT -> {
        out.put('{');
        fields(plan, end, depth, true);
        out.put('}');
      }
      case ANY -> specials.any(end, depth);
      case TIMESTAMP -> specials.timestamp(end);
      case DURATION -> specials.duration(end);
      case FIELD_MASK -> specials.fieldMask(end);
      case STRUCT -> struct(plan.field(0), end, depth);
      case LIST -> list(plan.field(0), end, depth);
      case VALUE -> specials.value(plan, end, depth);
      case WRAPPER -> specials.wrapper(plan.field(0), end);
    }
  }

  /// Prints the members of an object.
  ///
  /// @param first whether none is there yet
  void fields(MessagePlan plan, int end, int depth, boolean first) {
    var oneofs = plan.oneofs() == 0 ? null : new long[(plan.oneofs() >> BITS) + 1];
    int next = 0;
    boolean none = first;
    while (in.at < end) {
      int tag = in.tag(end);
      var field = known(plan, tag, end);
      if (field == null) {
        in.skip(tag, end);
        continue;
      }
      if (field.index < next || oneofs != null && !claim(oneofs, field.oneof)) {
        throw NotCanonical.SEEN;
      }
      none = unset(plan, next, field.index, none);
      none = member(field, tag, end, depth, none);
      next = field.index + 1;
    }
    unset(plan, next, plan.fields(), none);
  }

  private static boolean claim(long[] oneofs, int oneof) {
    if (oneof < 0) {
      return true;
    }
    long bit = 1L << oneof;
    boolean free = (oneofs[oneof >> BITS] & bit) == 0;
    oneofs[oneof >> BITS] |= bit;
    return free;
  }

  /// The field of a record; null where it is not known, or holds a value that its closed enum does
  /// not know.
  @Nullable FieldPlan known(MessagePlan plan, int tag, int end) {
    var field = plan.numbered(tag >>> 3);
    if (field == null || !field.accepts(tag)) {
      return null;
    }
    if (field.enums != null && field.enums.isClosed() && tag == field.tag) {
      int start = in.at;
      int number = (int) in.varint(end);
      in.at = start;
      return field.enums.name(number) == null ? null : field;
    }
    return field;
  }

  /// Prints the fields without presence that were passed over.
  private boolean unset(MessagePlan plan, int from, int to, boolean first) {
    boolean none = first;
    if (options.printDefaults()) {
      for (int i = from; i < to; i++) {
        var field = plan.field(i);
        var json = field.unset();
        if (json != null) {
          if (!none) {
            out.put(',');
          }
          none = false;
          field.printName(out);
          out.put(json);
        }
      }
    }
    return none;
  }

  private boolean member(FieldPlan field, int tag, int end, int depth, boolean first) {
    int start = out.size();
    if (!first) {
      out.put(',');
    }
    field.printName(out);
    boolean isSet = value(field, tag, end, depth);
    if (!isSet && !options.printDefaults()) {
      out.truncate(start);
      return first;
    }
    return false;
  }

  /// @return whether it is more than what an unset field has
  private boolean value(FieldPlan field, int tag, int end, int depth) {
    if (field.map) {
      return maps.print(field, end, depth) > 0;
    }
    if (field.repeated) {
      return elements(field, tag, end, depth) > 0;
    }
    return values.print(field, end, depth) != Values.ZERO || !field.implicit;
  }

  private void struct(FieldPlan fields, int end, int depth) {
    if (!find(fields, end)) {
      out.put('{');
      out.put('}');
      return;
    }
    maps.print(fields, end, depth);
    nothingMore(fields, end);
  }

  private void list(FieldPlan elements, int end, int depth) {
    if (!find(elements, end)) {
      out.put('[');
      out.put(']');
      return;
    }
    elements(elements, elements.tag, end, depth);
    nothingMore(elements, end);
  }

  private boolean find(FieldPlan field, int end) {
    while (in.at < end) {
      int tag = in.tag(end);
      if (tag == field.tag) {
        return true;
      }
      in.skip(tag, end);
    }
    return false;
  }

  private void nothingMore(FieldPlan field, int end) {
    if (find(field, end)) {
      throw NotCanonical.SEEN;
    }
  }

  /// Prints the elements of a list, of which the first record's tag is read.
  private int elements(FieldPlan field, int firstTag, int end, int depth) {
    out.put('[');
    int count = 0;
    for (int tag = firstTag; tag != 0; tag = nextOf(field, end)) {
      if (tag == field.tag) {
        count += element(field, count, end, depth);
      } else {
        int stop = in.length(end);
        while (in.at < stop) {
          count += element(field, count, stop, depth);
        }
      }
    }
    out.put(']');
    return count;
  }

  private int element(FieldPlan field, int before, int end, int depth) {
    int start = out.size();
    if (before > 0) {
      out.put(',');
    }
    if (values.print(field, end, depth) == Values.UNKNOWN) {
      out.truncate(start);
      return 0;
    }
    return 1;
  }

  /// The tag of the next record when it is of this field, else 0.
  int nextOf(FieldPlan field, int end) {
    int start = in.at;
    if (start < end) {
      int tag = in.tag(end);
      if (field.accepts(tag)) {
        return tag;
      }
      in.at = start;
    }
    return 0;
  }
}
