package dev.agentserver.json.read;

import com.google.protobuf.WireFormat;
import dev.agentserver.json.plan.Form;
import dev.agentserver.json.plan.MessagePlan;
import dev.agentserver.json.text.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads google.protobuf.Any. Its type may stand last, so it is looked for first.
final class Anys {
  private static final int URL = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  private static final int CONTENT = 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  private static final byte[] TYPE = "@type".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VALUE = "value".getBytes(StandardCharsets.US_ASCII);

  private final Reader reader;
  private final Scanner in;
  private final Buffer out;

  Anys(Reader reader) {
    this.reader = reader;
    this.in = reader.in;
    this.out = reader.out;
  }

  void read(int depth) {
    if (in.peek() != Scanner.OBJECT) {
      throw in.wrong("is not an object");
    }
    int start = in.mark();
    if (!in.open('}')) {
      return;
    }
    var url = url();
    in.back(start);
    in.peek();
    if (url == null) {
      throw in.wrong("is not an Any: it has no @type");
    }
    var plan = reader.plans.ofUrl(url);
    if (plan == null) {
      throw in.wrong("is not an Any: its @type is not known: " + url);
    }
    out.put(URL);
    var utf8 = url.getBytes(StandardCharsets.UTF_8);
    out.varint(utf8.length);
    out.put(utf8);
    out.put(CONTENT);
    int content = out.open();
    members(plan, depth + 1);
    out.close(content);
  }

  private @Nullable String url() {
    do {
      in.name();
      if (isName(TYPE)) {
        if (in.peek() != Scanner.STRING) {
          throw in.wrong("is not a string");
        }
        in.wholeString();
        return in.said.text();
      }
      in.skip();
    } while (in.more('}'));
    return null;
  }

  private boolean isName(byte[] name) {
    var said = in.said;
    return java.util.Arrays.equals(said.bytes, said.from, said.to, name, 0, name.length);
  }

  private void members(MessagePlan plan, int depth) {
    reader.requireDepth(depth);
    var seen = new Reader.Seen(plan);
    boolean typed = false;
    boolean valued = false;
    in.open('}');
    do {
      in.name();
      if (isName(TYPE)) {
        if (typed) {
          throw in.wrong("is there twice");
        }
        typed = true;
        in.skip();
      } else if (plan.form() == Form.OBJECT) {
        reader.member(plan, seen, null, depth);
      } else if (isName(VALUE)) {
        if (valued) {
          throw in.wrong("is there twice");
        }
        valued = true;
        reader.message(plan, null, depth);
      } else if (reader.options.ignoreUnknown()) {
        in.skip();
      } else {
        throw in.wrong("is not a field of an Any that holds a " + plan.type().getName());
      }
    } while (in.more('}'));
  }
}
