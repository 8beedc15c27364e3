package dev.agentserver.conversation.sidebar;

import dev.agentserver.kit.problem.Problem;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.zip.CRC32;

/// The text that says how far a list was followed: a time of the database's, and a checksum that
/// tells a damaged one. It holds no secret and is good for every list.
final class ResumeToken {
  private static final byte VERSION = 1;
  private static final int TIME_BYTES = Byte.BYTES + Long.BYTES;
  private static final int BYTES = TIME_BYTES + Integer.BYTES;

  private ResumeToken() {}

  static String of(Instant seen) {
    var token = ByteBuffer.allocate(BYTES).put(VERSION);
    token.putLong(ChronoUnit.MICROS.between(Instant.EPOCH, seen));
    token.putInt(checksum(token));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
  }

  static Instant read(String text) {
    try {
      var token = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      if (token.capacity() == BYTES
          && token.get() == VERSION
          && token.getInt(TIME_BYTES) == checksum(token)) {
        return Instant.EPOCH.plus(token.getLong(), ChronoUnit.MICROS);
      }
    } catch (IllegalArgumentException notBase64) {
      throw damaged();
    }
    throw damaged();
  }

  private static int checksum(ByteBuffer token) {
    var checksum = new CRC32();
    checksum.update(token.array(), 0, TIME_BYTES);
    return (int) checksum.getValue();
  }

  private static RuntimeException damaged() {
    return Problem.invalid("resume_token", "is damaged");
  }
}
