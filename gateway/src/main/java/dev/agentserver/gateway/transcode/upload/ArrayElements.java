package dev.agentserver.gateway.transcode.upload;

import dev.agentserver.gateway.fault.Fault;
import org.jspecify.annotations.Nullable;

/// The elements of a JSON array. An element is over as soon as its last byte is there; whether it
/// is JSON at all is seen when it is read.
public final class ArrayElements implements Elements {
  private static final byte[] NOTHING = new byte[0];

  /// Where in the array the next byte is.
  private enum Place {
    BEFORE,
    FIRST,
    ELEMENT,
    INSIDE,
    BETWEEN,
    AFTER
  }

  private final boolean trailing;
  private final Begun begun;
  private byte[] piece = NOTHING;
  private int at;
  private Place place = Place.BEFORE;
  private boolean anything;

  // Inside an element.
  private int depth;
  private boolean inText;
  private boolean escaped;

  /// @param limit the most bytes of an element
  public ArrayElements(int limit) {
    this(limit, false);
  }

  /// @param trailing whether a comma may follow the last element
  public ArrayElements(int limit, boolean trailing) {
    this.trailing = trailing;
    this.begun = new Begun(limit);
  }

  @Override
  public void feed(byte[] next) {
    piece = next;
    at = 0;
    anything |= next.length > 0;
  }

  @Override
  public byte @Nullable [] next() {
    int start = at;
    while (at < piece.length) {
      byte b = piece[at];
      if (place == Place.INSIDE) {
        if (isEnd(b)) {
          place = Place.BETWEEN;
          return begun.end(piece, start, at);
        }
      } else if (!isBlank(b)) {
        pass(b);
        start = at;
      }
      at++;
    }
    if (place == Place.INSIDE) {
      begun.add(piece, start, at);
    }
    return null;
  }

  /// What is between elements.
  private void pass(byte b) {
    switch (place) {
      case BEFORE -> place = expect(b == '[', Place.FIRST, "is not a JSON array of messages");
      case FIRST -> place = b == ']' ? Place.AFTER : begin(b);
      case ELEMENT -> place = trailing && b == ']' ? Place.AFTER : begin(b);
      case BETWEEN ->
          place =
              b == ']'
                  ? Place.AFTER
                  : expect(b == ',', Place.ELEMENT, "has no comma after an element of its array");
      case AFTER -> throw Fault.invalid("body", "goes on after its array");
      case INSIDE -> throw new IllegalStateException("inside an element");
    }
  }

  private static Place expect(boolean holds, Place next, String otherwise) {
    if (!holds) {
      throw Fault.invalid("body", otherwise);
    }
    return next;
  }

  private Place begin(byte b) {
    if (b == ',' || b == ']' || b == '}' || b == ':') {
      throw Fault.invalid("body", "has no element where one should be in its array");
    }
    depth = 0;
    inText = false;
    escaped = false;
    open(b);
    return Place.INSIDE;
  }

  private void open(byte b) {
    if (b == '"') {
      inText = true;
    } else if (b == '{' || b == '[') {
      depth++;
    }
  }

  /// Goes over a byte inside an element; whether the element was over before it, or is with it.
  private boolean isEnd(byte b) {
    if (inText) {
      inText = escaped || b != '"';
      escaped = !escaped && b == '\\';
      return over(!inText && depth == 0);
    }
    if (depth > 0) {
      open(b);
      if (b == '}' || b == ']') {
        depth--;
      }
      return over(depth == 0);
    }
    return b == ',' || b == ']' || b == '}' || isBlank(b);
  }

  /// An element that ends with this byte includes it.
  private boolean over(boolean isOver) {
    if (isOver) {
      at++;
    }
    return isOver;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /// A body that is not there is a stream without messages.
  @Override
  public void finish() {
    if (anything && place != Place.AFTER) {
      throw Fault.invalid(
          "body",
          place == Place.BEFORE ? "is not a JSON array of messages" : "ends inside its array");
    }
  }
}
