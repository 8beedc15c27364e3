package dev.agentserver.json.print;

import com.google.protobuf.WireFormat;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Reads the wire format from bytes in memory. Every method is told where what it reads in ends,
/// and refuses to go beyond.
final class WireInput {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int LONGEST_VARINT = 70;
  private static final int DEEPEST_GROUP = 100;

  final byte[] bytes;

  /// The place of the next byte.
  int at;

  WireInput(byte[] bytes) {
    this.bytes = bytes;
  }

  int tag(int end) {
    int tag = (int) varint(end);
    if (tag >>> 3 == 0) {
      throw new Unprintable("is damaged: a field has no number");
    }
    return tag;
  }

  long varint(int end) {
    if (at < end && bytes[at] >= 0) {
      return bytes[at++];
    }
    long value = 0;
    for (int shift = 0; shift < LONGEST_VARINT && at < end; shift += 7) {
      byte each = bytes[at++];
      value |= (each & 0x7FL) << shift;
      if (each >= 0) {
        return value;
      }
    }
    throw new Unprintable("is damaged: a number does not end");
  }

  int fixed32(int end) {
    advance(Integer.BYTES, end);
    return (int) INTS.get(bytes, at - Integer.BYTES);
  }

  long fixed64(int end) {
    advance(Long.BYTES, end);
    return (long) LONGS.get(bytes, at - Long.BYTES);
  }

  private void advance(int count, int end) {
    if (end - at < count) {
      throw cut();
    }
    at += count;
  }

  private static Unprintable cut() {
    return new Unprintable("is damaged: it ends too early");
  }

  /// Reads a length.
  ///
  /// @return where what has that length ends
  int length(int end) {
    int length = (int) varint(end);
    if (length < 0 || length > end - at) {
      throw cut();
    }
    return at + length;
  }

  /// Passes over the value that follows this tag.
  void skip(int tag, int end) {
    skip(tag, end, 0);
  }

  private void skip(int tag, int end, int depth) {
    switch (WireFormat.getTagWireType(tag)) {
      case WireFormat.WIRETYPE_VARINT -> varint(end);
      case WireFormat.WIRETYPE_FIXED32 -> advance(Integer.BYTES, end);
      case WireFormat.WIRETYPE_FIXED64 -> advance(Long.BYTES, end);
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> at = length(end);
      case WireFormat.WIRETYPE_START_GROUP -> groupEnd(tag, end, depth);
      default -> throw new Unprintable("is damaged: a group ends that did not begin");
    }
  }

  /// Passes over the group that begins here, with its end.
  ///
  /// @return where its end mark begins
  int groupEnd(int tag, int end) {
    return groupEnd(tag, end, 0);
  }

  private int groupEnd(int tag, int end, int depth) {
    if (depth > DEEPEST_GROUP) {
      throw new Unprintable("is damaged: groups are nested too deeply");
    }
    int endTag = (tag & ~7) | WireFormat.WIRETYPE_END_GROUP;
    while (true) {
      int start = at;
      int next = tag(end);
      if (next == endTag) {
        return start;
      }
      skip(next, end, depth + 1);
    }
  }
}
