package dev.agentserver.json.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Bytes that grow at their end: JSON text, or protobuf's wire format.
public final class Buffer {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int LEAST = 64;
  private static final int LARGEST = Integer.MAX_VALUE - 16;
  private static final int SMALL_VARINT = 0x80;

  private byte[] bytes;
  private int size;

  /// @param expected how many bytes it will probably hold
  public Buffer(int expected) {
    this.bytes = new byte[Math.max(expected, LEAST)];
  }

  public int size() {
    return size;
  }

  /// What it holds, and room behind. Valid until something is added.
  public byte[] array() {
    return bytes;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /// Forgets what came after the first bytes.
  public void truncate(int newSize) {
    size = newSize;
  }

  /// Whether all bytes from here on are zero, as those of a scalar's default value are.
  public boolean isZeroFrom(int start) {
    for (int at = start; at < size; at++) {
      if (bytes[at] != 0) {
        return false;
      }
    }
    return true;
  }

  /// Makes room for so many bytes, so that they may be written into [#array] at [#size].
  public void reserve(int more) {
    if (bytes.length - size < more) {
      grow(more);
    }
  }

  private void grow(int more) {
    long wanted = Math.max((long) size + more, Math.min(2L * bytes.length, LARGEST));
    if (wanted > LARGEST) {
      throw new IllegalStateException("more than " + LARGEST + " bytes in one buffer");
    }
    bytes = Arrays.copyOf(bytes, (int) wanted);
  }

  /// Counts bytes that were written into the array.
  public void advance(int written) {
    size += written;
  }

  public void put(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  public void put(byte[] source) {
    put(source, 0, source.length);
  }

  public void put(byte[] source, int from, int to) {
    int length = to - from;
    reserve(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  /// Text of which every character is ASCII.
  public void ascii(String text) {
    int length = text.length();
    reserve(length);
    for (int i = 0; i < length; i++) {
      bytes[size + i] = (byte) text.charAt(i);
    }
    size += length;
  }

  public void varint(int value) {
    if (value >= 0 && value < SMALL_VARINT) {
      put(value);
    } else {
      varint(value & 0xFFFF_FFFFL);
    }
  }

  public void varint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | SMALL_VARINT);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  public void fixed32(int value) {
    reserve(Integer.BYTES);
    INTS.set(bytes, size, value);
    size += Integer.BYTES;
  }

  public void fixed64(long value) {
    reserve(Long.BYTES);
    LONGS.set(bytes, size, value);
    size += Long.BYTES;
  }

  /// Begins something that its length precedes; what is added now is inside, until [#close].
  ///
  /// @return where it begins
  public int open() {
    put(0);
    return size;
  }

  /// Writes the length in front. Most things are short, so one byte is kept for it, and what is
  /// longer moves.
  public void close(int start) {
    int length = size - start;
    if (length < SMALL_VARINT) {
      bytes[start - 1] = (byte) length;
      return;
    }
    int extra = (31 - Integer.numberOfLeadingZeros(length)) / 7;
    reserve(extra);
    System.arraycopy(bytes, start, bytes, start + extra, length);
    size = start - 1;
    varint(length);
    size += length;
  }
}
