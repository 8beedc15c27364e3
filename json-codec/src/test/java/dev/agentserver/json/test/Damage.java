package dev.agentserver.json.test;

import com.google.protobuf.CodedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Puts things in disorder.
public final class Damage {
  private static final String SIGNS = "{}[],:\"0-ntf\\e. ";

  private final Random random;

  public Damage(Random random) {
    this.random = random;
  }

  /// The fields of a message in any order, some of them more than once: legal, and not what senders
  /// do.
  public byte[] shuffled(byte[] wire) {
    var records = records(wire);
    for (int i = random.nextInt(3); i > 0 && !records.isEmpty(); i--) {
      records.add(records.get(random.nextInt(records.size())));
    }
    if (random.nextInt(4) > 0) {
      Collections.shuffle(records, random);
    }
    var shuffled = new ByteArrayOutputStream();
    records.forEach(shuffled::writeBytes);
    return shuffled.toByteArray();
  }

  private static List<byte[]> records(byte[] wire) {
    var records = new ArrayList<byte[]>();
    var input = CodedInputStream.newInstance(wire);
    try {
      while (!input.isAtEnd()) {
        int start = input.getTotalBytesRead();
        input.skipField(input.readTag());
        records.add(Arrays.copyOfRange(wire, start, input.getTotalBytesRead()));
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return records;
  }

  /// A text in which a few bytes are changed, copied or cut.
  public byte[] text(byte[] json) {
    return damaged(json, () -> (byte) SIGNS.charAt(random.nextInt(SIGNS.length())));
  }

  /// A wire in which a few bytes are changed, copied or cut.
  public byte[] wire(byte[] wire) {
    return damaged(wire, () -> (byte) random.nextInt(20));
  }

  private byte[] damaged(byte[] bytes, java.util.function.Supplier<Byte> probable) {
    var damaged = bytes.clone();
    for (int i = random.nextInt(3); i >= 0 && damaged.length > 0; i--) {
      int at = random.nextInt(damaged.length);
      switch (random.nextInt(4)) {
        case 0 -> damaged[at] = (byte) random.nextInt(256);
        case 1 -> damaged[at] = probable.get();
        case 2 -> damaged = Arrays.copyOf(damaged, at);
        default -> {
          int length = random.nextInt(damaged.length - at);
          System.arraycopy(damaged, at, damaged, random.nextInt(damaged.length - length), length);
        }
      }
    }
    return damaged;
  }
}
