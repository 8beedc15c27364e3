package dev.agentserver.gateway.transcode.upload;

import dev.agentserver.gateway.fault.Fault;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The texts that a WebSocket's client sends (RFC 6455), each an element. An empty text says that
/// it was the last: to close the socket would end what comes down as well.
public final class FrameElements implements Elements {
  /// How many messages the client sends.
  public enum Takes {
    /// None: what the request says is the message.
    NONE,
    ONE,
    MANY
  }

  /// What the client says beside its messages.
  public interface Control {
    /// It asks for an answer with the same content.
    void ping(byte[] content);

    /// It has gone.
    void close();
  }

  private static final int LONGEST_HEAD = 14;
  private static final int LARGEST_CONTROL = 125;
  private static final int TEXT = 1;
  private static final int CONTINUATION = 0;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final Takes takes;
  private final int limit;
  private final Begun text;
  private final Begun control = new Begun(LARGEST_CONTROL);
  private @Nullable Control listener;
  private byte[] piece = new byte[0];
  private int at;
  private boolean owed;
  private boolean last;

  // The frame that is being read.
  private final byte[] head = new byte[LONGEST_HEAD];
  private int headBytes;
  private int headLength;
  private long left;
  private int masked;
  private boolean inText;

  /// @param limit the most bytes of a text
  public FrameElements(Takes takes, int limit) {
    this.takes = takes;
    this.limit = limit;
    this.text = new Begun(limit);
    this.owed = takes == Takes.NONE;
  }

  public void listen(Control to) {
    listener = to;
  }

  @Override
  public void feed(byte[] next) {
    piece = next;
    at = 0;
  }

  @Override
  public byte @Nullable [] next() {
    if (owed) {
      owed = false;
      last = true;
      return new byte[0];
    }
    while (at < piece.length) {
      if (headLength == 0 || headBytes < headLength) {
        head[headBytes++] = piece[at++];
        readHead();
      }
      var whole = isHeadWhole() ? content() : null;
      if (whole != null) {
        return whole;
      }
    }
    return null;
  }

  private boolean isHeadWhole() {
    return headLength > 0 && headBytes == headLength;
  }

  /// Learns from the head's first two bytes how long it is, and from all of it how long the rest.
  private void readHead() {
    if (headBytes == 2) {
      int length = head[1] & 0x7f;
      headLength = 2 + (length == 127 ? 8 : length == 126 ? 2 : 0) + 4;
      check(length);
    }
    if (isHeadWhole()) {
      left = head[1] & 0x7f;
      if (headLength > 6) {
        left = 0;
        for (int i = 2; i < headLength - 4; i++) {
          left = left << 8 | head[i] & 0xff;
        }
      }
      if (left < 0 || left > limit) {
        throw Fault.tooLarge("a message", limit);
      }
      masked = 0;
    }
  }

  private void check(int length) {
    int kind = head[0] & 0x0f;
    boolean isFinal = head[0] < 0;
    if ((head[0] & 0x70) != 0 || (head[1] & 0x80) == 0) {
      throw Fault.invalid("frame", "has an extension that was not agreed on, or no mask");
    }
    var fits =
        switch (kind) {
          case TEXT -> !inText;
          case CONTINUATION -> inText;
          case CLOSE, PING, PONG -> isFinal && length <= LARGEST_CONTROL;
          case BINARY -> throw Fault.invalid("frame", "is binary, messages are texts");
          default -> false;
        };
    if (!fits) {
      throw Fault.invalid("frame", "has no place here");
    }
  }

  /// Reads on; an element that is whole.
  private byte @Nullable [] content() {
    boolean isText = (head[0] & 0x08) == 0;
    int end = at + (int) Math.min(left, piece.length - at);
    var plain = Arrays.copyOfRange(piece, at, end);
    for (int i = 0; i < plain.length; i++) {
      plain[i] ^= head[headLength - 4 + (masked++ & 3)];
    }
    (isText ? text : control).add(plain, 0, plain.length);
    left -= plain.length;
    at = end;
    if (left > 0) {
      return null;
    }
    headBytes = 0;
    headLength = 0;
    return isText ? endText(head[0] < 0) : endControl(head[0] & 0x0f);
  }

  private byte @Nullable [] endText(boolean isFinal) {
    inText = !isFinal;
    if (inText) {
      return null;
    }
    if (last) {
      throw Fault.invalid("frame", "is a message after the last");
    }
    var whole = text.take();
    last = takes == Takes.ONE || whole.length == 0;
    return whole.length == 0 ? null : whole;
  }

  private byte @Nullable [] endControl(int kind) {
    var content = control.take();
    if (listener != null && kind == PING) {
      listener.ping(content);
    } else if (listener != null && kind == CLOSE) {
      listener.close();
    }
    return null;
  }

  @Override
  public boolean isLast() {
    return last;
  }

  /// A socket ends by a frame, or breaks.
  @Override
  public void finish() {
    last = true;
  }
}
