package dev.agentserver.gateway.abuse;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Damages bytes: a few of them, or whole stretches, with what the format thinks is special among
/// what it puts in.
record Mutator(RandomGenerator random, List<byte[]> seeds, List<byte[]> dictionary) {
  /// One of the seeds, now and then as it is.
  byte[] next() {
    var bytes = seeds.get(random.nextInt(seeds.size()));
    for (int i = random.nextInt(5); i > 0; i--) {
      bytes = damaged(bytes);
    }
    return bytes;
  }

  byte[] damaged(byte[] bytes) {
    var at = random.nextInt(bytes.length + 1);
    var to = Math.min(bytes.length, at + 1 + random.nextInt(1 << random.nextInt(8)));
    return switch (random.nextInt(7)) {
      case 0 -> joined(bytes, at, new byte[] {(byte) random.nextInt(256)}, Math.min(at + 1, to));
      case 1 -> joined(bytes, at, new byte[0], to);
      case 2 -> joined(bytes, at, Arrays.copyOfRange(bytes, at, to), at);
      case 3 -> joined(bytes, at, word(), at);
      case 4 -> joined(bytes, at, word(), to);
      case 5 -> Arrays.copyOf(bytes, at);
      default -> joined(bytes, at, seeds.get(random.nextInt(seeds.size())), to);
    };
  }

  private byte[] word() {
    return dictionary.get(random.nextInt(dictionary.size()));
  }

  private static byte[] joined(byte[] bytes, int until, byte[] middle, int from) {
    var all = new ByteArrayOutputStream();
    all.write(bytes, 0, until);
    all.writeBytes(middle);
    all.write(bytes, from, bytes.length - from);
    return all.toByteArray();
  }
}
