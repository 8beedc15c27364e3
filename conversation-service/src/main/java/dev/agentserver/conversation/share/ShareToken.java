package dev.agentserver.conversation.share;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/// What whoever has a link shows: the tenant, so that it is looked for there only, and 32 random
/// bytes. Only its hash is kept.
record ShareToken(UUID tenantId, String text) {
  private static final int SECRET_BYTES = 32;
  private static final int BYTES = 2 * Long.BYTES + SECRET_BYTES;

  static ShareToken draw(UUID tenantId, SecureRandom random) {
    var secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    var bytes =
        ByteBuffer.allocate(BYTES)
            .putLong(tenantId.getMostSignificantBits())
            .putLong(tenantId.getLeastSignificantBits())
            .put(secret)
            .array();
    return new ShareToken(tenantId, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /// Empty: it cannot be one.
  static Optional<ShareToken> read(String text) {
    try {
      var bytes = Base64.getUrlDecoder().decode(text);
      if (bytes.length != BYTES) {
        return Optional.empty();
      }
      var buffer = ByteBuffer.wrap(bytes);
      return Optional.of(new ShareToken(new UUID(buffer.getLong(), buffer.getLong()), text));
    } catch (IllegalArgumentException damaged) {
      return Optional.empty();
    }
  }

  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  @Override
  public String toString() {
    return "a token of tenant " + tenantId;
  }
}
