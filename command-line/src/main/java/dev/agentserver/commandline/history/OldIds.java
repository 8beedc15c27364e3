package dev.agentserver.commandline.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.regex.Pattern;

/// The one place where the ids of what is imported are made. They follow from the source and the
/// old id alone, so that whoever imports the same thing again, on any machine, finds it there
/// already.
public final class OldIds {
  private static final UUID NAMESPACE = UUID.fromString("6f1d5f0e-6f5a-5d0c-9a7e-3c1f0a5b7d21");
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}");

  private OldIds() {}

  /// A UUID stays what it is, so that links go on working; any other id is hashed.
  public static UUID kept(String source, String oldId) {
    return isUuid(oldId) ? UUID.fromString(oldId) : hashed(source, oldId);
  }

  /// For ids that are unique within something only, which has to be among the names.
  public static UUID hashed(String... names) {
    var digest = sha1();
    digest.update(bytes(NAMESPACE));
    for (var name : names) {
      var text = name.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
      digest.update(text);
    }
    var hash = ByteBuffer.wrap(digest.digest());
    return new UUID(
        hash.getLong() & ~0xF000L | 0x5000L,
        hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L);
  }

  /// Whether it is a UUID in the usual form.
  public static boolean isUuid(String text) {
    return UUID_TEXT.matcher(text).matches();
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
