package dev.agentserver.e2e.streams;

import dev.agentserver.conversation.v1.Delta;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// A text that is being written, and how much of it is known to be stored. Places in it count code
/// points.
final class Manuscript {
  private final Random random;
  private final int[] points;
  private final int longest;
  private volatile int stored;

  /// @param longest of its pieces
  Manuscript(Random random, int length, int longest) {
    this.random = random;
    this.longest = longest;
    this.points = Prose.of(random, length).codePoints().toArray();
  }

  int length() {
    return points.length;
  }

  int stored() {
    return stored;
  }

  /// The server says how much it holds, which is never less than it has said before.
  void stored(List<Integer> partLengths) {
    var now = partLengths.isEmpty() ? 0 : partLengths.getFirst();
    if (now < stored || now > points.length) {
      throw new AssertionError(now + " code points are stored after " + stored);
    }
    stored = now;
  }

  /// The next small pieces, cut anywhere; at times some of what is there already once more.
  List<Delta> pieces(int from, int count) {
    var pieces = new ArrayList<Delta>();
    var start = random.nextInt(8) == 0 ? Math.max(0, from - random.nextInt(50)) : from;
    for (var i = 0; i < count && start < points.length; i++) {
      var length = Math.min(points.length - start, 1 + random.nextInt(longest));
      pieces.add(
          Delta.newBuilder().setOffset(start).setText(new String(points, start, length)).build());
      start += length;
    }
    return pieces;
  }

  /// Where the last of the pieces ends.
  static int end(List<Delta> pieces) {
    var last = pieces.getLast();
    return last.getOffset() + last.getText().codePointCount(0, last.getText().length());
  }

  /// The text as it must be in the end.
  String text() {
    // The one character that the server replaces.
    return new String(points, 0, points.length).replace('\u0000', '\ufffd');
  }

  static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
